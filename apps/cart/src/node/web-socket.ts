import { type WebSocketServer, webSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import type { CartAppDeps } from "../app.ts";
import { callContextsOf } from "../call-contexts.ts";
import { cartServiceRouter } from "../router.ts";

/** The service's procedures over WebSockets at `/trpc`, with the limits of its app. */
export const cartWebSockets = (
  deps: Pick<
    CartAppDeps,
    "services" | "verifier" | "logger" | "metrics" | "corsOrigins" | "trustedProxies" | "bodyLimitBytes" | "maxBatchSize"
  >,
): WebSocketServer => {
  const { corsOrigins, bodyLimitBytes, maxBatchSize } = deps;
  return webSocketServer({
    ...deps,
    router: cartServiceRouter,
    createContext: callContextsOf(deps),
    ...(corsOrigins && { origins: corsOrigins }),
    limits: {
      ...(bodyLimitBytes !== undefined && { maxMessageBytes: bodyLimitBytes }),
      ...(maxBatchSize !== undefined && { maxBatchSize }),
    },
  });
};
