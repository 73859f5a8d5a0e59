/** The headers of a message by their names in lower case, unfolded, with encoded words (RFC 2047) read; the first of a name. */
export const headersOfMail = (message: string): ReadonlyMap<string, string> => {
  const [head = ""] = message.split(/\r?\n\r?\n/, 1);
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && value !== undefined && !headers.has(key)) headers.set(key, withWordsRead(value));
  }
  return headers;
};

/** Between two encoded words the space is no part of the text. */
const withWordsRead = (value: string): string => value.replaceAll(/\?=\s+=\?/g, "?==?").replaceAll(/=\?[^?]+\?[bq]\?[^?]*\?=/gi, wordRead);

const wordRead = (word: string): string => {
  const [charset = "", encoding = "", text = ""] = word.slice(2, -2).split("?");
  const bytes = encoding.toLowerCase() === "b" ? Buffer.from(text, "base64") : quotedBytes(text);
  return decoded(bytes, charset) ?? word;
};

const quotedBytes = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll("_", " ").replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const decoded = (bytes: Buffer, charset: string): string | null => {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return null;
  }
};
