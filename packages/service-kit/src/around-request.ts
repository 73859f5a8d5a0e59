import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { remoteAddressOf } from "./client-address.ts";
import { CORRELATION_HEADER, correlationIdOf } from "./correlation-id.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { requestLogger } from "./request-logger.ts";
import type { ServiceEnv } from "./service-env.ts";
import { continuedSpan } from "./tracing.ts";

/**
 * Gives a request its correlation id, its span, its line in the log, its place in the histogram and, with the answer, the
 * headers of an API.
 */
export const aroundRequest = (logger: Logger, metrics: Metrics): MiddlewareHandler<ServiceEnv> => {
  const durations = metrics.histogram({
    name: "http_request_duration_seconds",
    help: "How long requests took, by route and status",
    labels: ["method", "route", "status"],
  });
  return async (c, next) => {
    const startedAt = performance.now();
    const { method } = c.req;
    const correlationId = correlationIdOf(c.req.header(CORRELATION_HEADER));
    c.set("correlationId", correlationId);
    c.set("logger", requestLogger(logger, correlationId));
    c.set("remoteAddress", remoteAddressOf(c.env, c.req.raw));
    c.set("forwardedFor", c.req.header("x-forwarded-for"));
    const attributes = { "http.request.method": method, "cartwright.correlation_id": correlationId };
    await continuedSpan({ name: method, kind: "server", traceparent: c.req.header("traceparent"), attributes }, async (active) => {
      await next();
      if (!active.isRecording()) return;
      active.updateName(`${method} ${routePath(c, -1)}`);
      active.setAttributes({ "http.route": routePath(c, -1), "http.response.status_code": c.res.status });
    });
    setHeaders(c, correlationId);
    const { status } = c.res;
    const durationMs = performance.now() - startedAt;
    durations.observe({ method: labelOf(method), route: routePath(c, -1), status: String(status) }, durationMs / 1_000);
    // Without the query: it holds inputs.
    logger.debug({ correlationId, method, path: c.req.path, status, durationMs }, "request");
  };
};

/** Not every method that a client can think of is a series of its own. */
const labelOf = (method: string) => (METHODS.has(method) ? method : "other");
const METHODS = new Set(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]);

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
