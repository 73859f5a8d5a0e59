import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { CORRELATION_HEADER } from "./correlation-id.ts";

/**
 * Lets pages of these origins call from a browser; `*` is any. Who calls is said by a token in a header, never by a cookie,
 * so no credentials are allowed.
 */
export const allowOrigins = (origins: readonly string[]): MiddlewareHandler => {
  const any = origins.includes("*");
  const answerBrowser = cors({
    origin: any ? "*" : [...origins],
    allowHeaders: [
      "authorization",
      "content-type",
      "if-match",
      "if-none-match",
      "idempotency-key",
      "last-event-id",
      "traceparent",
      "trpc-accept",
      CORRELATION_HEADER,
    ],
    exposeHeaders: ["etag", "location", "retry-after", CORRELATION_HEADER],
    maxAge: 600,
  });
  return async (c, next) => {
    if (c.req.header("origin") !== undefined) return answerBrowser(c, next);
    await next();
    // A cache must not answer a page with what it kept of a program's request.
    if (!any) c.header("vary", "origin", { append: true });
  };
};
