/** The strong entity tag of a cart at a version. */
export const entityTag = (version: number): string => `"${version}"`;

/** What `If-Match` asks of a resource: that it exists, or one of these versions. */
export type Precondition = "exists" | readonly number[];

/**
 * `If-Match` of RFC 9110: `*` or a list of entity tags, compared strongly, so that a weak tag, or one that we never gave,
 * matches no version. Answers undefined for text that is no such list.
 */
export const parseIfMatch = (header: string): Precondition | undefined => {
  if (header.trim() === "*") return "exists";
  const tags = parseTags(header);
  return tags?.filter(({ weak }) => !weak).flatMap(({ version }) => version ?? []);
};

/** `If-None-Match`: compared weakly. */
export const matchesNoneOf = (header: string, version: number): boolean =>
  header.trim() !== "*" && !parseTags(header)?.some((tag) => tag.version === version);

const tagPattern = /^\s*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*$/;

const parseTags = (header: string): { weak: boolean; version: number | undefined }[] | undefined => {
  const tags = [];
  // Our own tags hold no comma; a foreign one that does is cut here, and then no list.
  for (const text of header.split(",")) {
    const [match, weak, opaque = ""] = tagPattern.exec(text) ?? [];
    if (match === undefined) return undefined;
    tags.push({ weak: weak !== undefined, version: /^(0|[1-9]\d{0,14})$/.test(opaque) ? Number(opaque) : undefined });
  }
  return tags;
};
