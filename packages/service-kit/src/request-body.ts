import { requestRefused } from "./request-refusal.ts";

/**
 * The text of a body of at most `limitBytes`.
 *
 * @throws {RefusalError} `BodyTooLarge`, before a byte is read where the length is given, and otherwise when it gets too long.
 */
export const boundedText = async (request: Request, limitBytes: number): Promise<string> => {
  if (lengthIsKnown(request, limitBytes)) return request.text();
  return new TextDecoder().decode(await readBounded(request.body, limitBytes));
};

/** The same request, whose body is known to be within the limit. */
export const boundedRequest = async (request: Request, limitBytes: number): Promise<Request> => {
  if (lengthIsKnown(request, limitBytes) || request.body === null) return request;
  return new Request(request, { body: await readBounded(request.body, limitBytes) });
};

/** True where a header gives the length, which the server holds the client to. */
const lengthIsKnown = ({ headers }: Request, limitBytes: number): boolean => {
  const length = headers.get("content-length");
  if (length === null || headers.has("transfer-encoding")) return false;
  if (Number(length) > limitBytes) throw requestRefused({ code: "BodyTooLarge", limitBytes });
  return true;
};

const readBounded = async (body: ReadableStream<Uint8Array> | null, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limitBytes) throw requestRefused({ code: "BodyTooLarge", limitBytes });
    chunks.push(chunk);
  }
  return concatenated(chunks, size);
};

const concatenated = (chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
};
