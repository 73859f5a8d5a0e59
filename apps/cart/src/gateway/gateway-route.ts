import { CORRELATION_HEADER } from "@cartwright/service-kit/correlation-id";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type { MiddlewareHandler } from "hono";
import type { ForwardToPeer } from "../app.ts";
import { peerRouteOf } from "./peer-route.ts";

/** Calls for another service go on to it in the same request and trace, with the token that they came with. */
export const gatewayRoute =
  (forward: ForwardToPeer): MiddlewareHandler<ServiceEnv> =>
  async (c, next) => {
    const route = peerRouteOf(c.req.path);
    if (!route) return next();
    const headers = new Headers(c.req.raw.headers);
    headers.set(CORRELATION_HEADER, c.var.correlationId);
    const traceparent = currentTraceparent();
    if (traceparent !== undefined) headers.set("traceparent", traceparent);
    return forward(new Request(c.req.raw, { headers }), route);
  };
