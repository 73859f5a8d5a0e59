import { Hono } from "hono";
import { allowOrigins } from "./allow-origins.ts";
import { aroundRequest } from "./around-request.ts";
import { errorResponse } from "./error-response.ts";
import { headLength } from "./head-length.ts";
import type { Logger } from "./logger.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import { boundedRequest } from "./request-body.ts";
import { requestRefused } from "./request-refusal.ts";
import type { ServiceEnv } from "./service-env.ts";

export type ServiceAppOptions = {
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Of pages that may call from a browser; `*` is any. */
  readonly corsOrigins?: readonly string[];
  /** 1 MiB unless given. */
  readonly bodyLimitBytes?: number;
};

/**
 * The root of every service. Each request gets a correlation id, a span, a line in the log, a place in the histogram and the headers of an API; its body
 * has a limit; and what fails is answered as a problem (RFC 9457).
 */
export const serviceApp = (options: ServiceAppOptions): Hono<ServiceEnv> => {
  const { logger, metrics = noMetrics, corsOrigins = [], bodyLimitBytes = BODY_LIMIT_BYTES } = options;
  const app = new Hono<ServiceEnv>();
  app.use(aroundRequest(logger, metrics));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(headLength);
  app.use(async (c, next) => {
    if (!TRPC.test(c.req.path)) c.req.raw = await boundedRequest(c.req.raw, bodyLimitBytes);
    await next();
  });
  app.notFound((c) => errorResponse(c, requestRefused({ code: "NotFound" })));
  app.onError((error, c) => errorResponse(c, error));
  return app;
};

export const BODY_LIMIT_BYTES = 1_048_576;

/** A service's procedures, or those of one behind the gateway: they bound their bodies themselves, and refuse in tRPC's form. */
const TRPC = /^\/(?:[a-z-]+\/)?trpc\//;
