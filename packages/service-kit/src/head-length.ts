import type { MiddlewareHandler } from "hono";

/** Answers HEAD with the length that GET would have had: a server that sees no body says 0, and whoever asks for a size takes that for it. */
export const headLength: MiddlewareHandler = async (c, next) => {
  await next();
  const { body, headers } = c.res;
  if (c.req.method !== "HEAD" || headers.has("content-length")) return;
  // One that goes on for ever has none.
  if (headers.get("content-type")?.startsWith("text/event-stream")) c.header("transfer-encoding", "chunked");
  else if (body !== null) c.header("content-length", String((await c.res.clone().arrayBuffer()).byteLength));
};
