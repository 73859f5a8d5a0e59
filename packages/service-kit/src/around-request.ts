import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation-id.ts";
import type { Logger } from "./logger.ts";
import { requestLogger } from "./request-logger.ts";
import type { ServiceEnv } from "./service-env.ts";
import { continuedSpan } from "./tracing.ts";

/** Gives a request its correlation id, its span, its line in the log and, with the answer, the headers of an API. */
export const aroundRequest =
  (logger: Logger): MiddlewareHandler<ServiceEnv> =>
  async (c, next) => {
    const startedAt = performance.now();
    const { method } = c.req;
    const correlationId = correlationIdOf(c.req.header(CORRELATION_HEADER));
    c.set("correlationId", correlationId);
    c.set("logger", requestLogger(logger, correlationId));
    const attributes = { "http.request.method": method, "cartwright.correlation_id": correlationId };
    await continuedSpan({ name: method, kind: "server", traceparent: c.req.header("traceparent"), attributes }, async (active) => {
      await next();
      if (!active.isRecording()) return;
      const route = routePath(c, -1);
      active.updateName(`${method} ${route}`);
      active.setAttributes({ "http.route": route, "http.response.status_code": c.res.status });
    });
    setHeaders(c, correlationId);
    // Without the query: it holds inputs.
    logger.debug({ correlationId, method, path: c.req.path, status: c.res.status, durationMs: performance.now() - startedAt }, "request");
  };

const setHeaders = (c: Context, correlationId: string): void => {
  const { headers } = withMutableHeaders(c);
  headers.set(CORRELATION_HEADER, correlationId);
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  // A page of documentation has a policy of its own, and a public list its own age.
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
};

/** What `fetch` answered, and a gateway hands on, may not be changed. */
const withMutableHeaders = (c: Context): Response => {
  try {
    c.res.headers.delete(CORRELATION_HEADER);
    return c.res;
  } catch {
    const copy = new Response(c.res.body, c.res);
    c.res = undefined;
    c.res = copy;
    return copy;
  }
};
