import { callContexts } from "@cartwright/service-kit/call-context";
import { type WebSocketServer, webSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import type { FraudAppDeps } from "../app.ts";
import { fraudRouter } from "../router.ts";

/** The service's procedures over WebSockets at `/trpc`. */
export const fraudWebSockets = ({ services, ...deps }: FraudAppDeps): WebSocketServer => {
  const callContext = callContexts(deps);
  return webSocketServer({ ...deps, router: fraudRouter, createContext: async (c) => ({ ...(await callContext(c)), services }) });
};
