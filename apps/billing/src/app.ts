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
import type { Services } from "./context.ts";
import { billingRouter } from "./router.ts";
import { type WebhookRoutesDeps, webhookRoutes } from "./webhooks/webhook-routes.ts";

export type BillingAppDeps = {
  readonly services: Services;
  readonly verifier: TokenVerifier;
  readonly health: Health;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Takes what the provider tells unasked. */
  readonly hear: WebhookRoutesDeps["hear"];
  /** The page of the simulated bank, where there is one. */
  readonly page?: Hono | undefined;
};

/** The service as one function of a request. It runs wherever `fetch` does. */
export const billingApp = ({ services, hear, page, ...deps }: BillingAppDeps): Hono<ServiceEnv> => {
  const app = serviceApp(deps);
  const callContext = callContexts(deps);
  app.all("/trpc/*", trpcHandler({ router: billingRouter, createContext: async (c) => ({ ...(await callContext(c)), services }) }));
  app.route("/webhooks", webhookRoutes({ hear }));
  if (page) app.route("/", page);
  app.route("/health", healthRoutes(deps.health));
  return app;
};
