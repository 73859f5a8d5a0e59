import type { Health } from "@cartwright/service-kit/health";
import { healthRoutes } from "@cartwright/service-kit/health-routes";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { serviceApp } from "@cartwright/service-kit/service-app";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { trpcHandler } from "@cartwright/service-kit/trpc-handler";
import type { Hono } from "hono";
import type { JSONWebKeySet } from "jose";
import { callContextsOf } from "./call-contexts.ts";
import type { Services } from "./context.ts";
import { type DocsAssets, docsPage } from "./docs/docs-page.ts";
import { gatewayRoute } from "./gateway/gateway-route.ts";
import type { PeerRoute } from "./gateway/peer-route.ts";
import { openApiDocument } from "./rest/openapi-document.ts";
import { restApp, restRoutes } from "./rest/rest-routes.ts";
import { cartServiceRouter } from "./router.ts";

export type CartAppDeps = {
  readonly services: Services;
  readonly verifier: TokenVerifier;
  /** The public keys of the tokens that the service issues. */
  readonly jwks: JSONWebKeySet;
  readonly health: Health;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly corsOrigins?: readonly string[];
  readonly bodyLimitBytes?: number;
  readonly maxBatchSize?: number;
  readonly trustedProxies?: number;
  /** Hands what is for another service on to it; without it there are no other services here. */
  readonly forward?: ForwardToPeer | undefined;
  /** Without them there is no page at `/docs`. */
  readonly docsAssets?: DocsAssets | undefined;
};

export type ForwardToPeer = (request: Request, route: PeerRoute) => Response | Promise<Response>;

/** The service as one function of a request: tRPC, REST, and what tells of them. It runs wherever `fetch` does. */
export const cartApp = (deps: CartAppDeps): Hono<ServiceEnv> => {
  const { jwks, health, docsAssets, forward, maxBatchSize, bodyLimitBytes } = deps;
  const app = serviceApp(deps);
  const createContext = callContextsOf(deps);

  app.all(
    "/trpc/*",
    trpcHandler({
      router: cartServiceRouter,
      createContext,
      ...(maxBatchSize !== undefined && { maxBatchSize }),
      ...(bodyLimitBytes !== undefined && { bodyLimitBytes }),
    }),
  );
  app.route("/", restApp(createContext));
  if (forward) app.all("/:service/trpc/*", gatewayRoute(forward));
  app.route("/health", healthRoutes(health));
  app.get("/.well-known/jwks.json", (c) => c.json(jwks, 200, { "cache-control": "public, max-age=300" }));

  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(restRoutes));
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "public, max-age=300" });
  });
  if (docsAssets) app.route("/docs", docsPage(docsAssets));
  return app;
};
