import { callContexts } from "@cartwright/service-kit/call-context";
import type { Health } from "@cartwright/service-kit/health";
import { healthRoutes } from "@cartwright/service-kit/health-routes";
import type { Logger } from "@cartwright/service-kit/logger";
import type { Metrics } from "@cartwright/service-kit/metrics";
import { serviceApp } from "@cartwright/service-kit/service-app";
import type { ServiceEnv } from "@cartwright/service-kit/service-env";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { trpcHandler } from "@cartwright/service-kit/trpc-handler";
import type { Hono } from "hono";
import type { Context } from "./context.ts";
import { projectorRouter } from "./router.ts";

export type ProjectorAppDeps = {
  readonly projections: Context["projections"];
  readonly services: Context["services"];
  readonly verifier: TokenVerifier;
  readonly health: Health;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
};

/** The service as one function of a request. It runs wherever `fetch` does. */
export const projectorApp = ({ projections, services, now, ...deps }: ProjectorAppDeps): Hono<ServiceEnv> => {
  const app = serviceApp(deps);
  const callContext = callContexts(deps);
  app.all(
    "/trpc/*",
    trpcHandler({ router: projectorRouter, createContext: async (c) => ({ ...(await callContext(c)), projections, services, now }) }),
  );
  app.route("/health", healthRoutes(deps.health));
  return app;
};
