import { callContexts } from "@cartwright/service-kit/call-context";
import { type WebSocketServer, webSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import type { BillingAppDeps } from "../app.ts";
import { billingRouter } from "../router.ts";

/** The service's procedures over WebSockets at `/trpc`. */
export const billingWebSockets = ({ services, ...deps }: Omit<BillingAppDeps, "hear" | "page">): WebSocketServer => {
  const callContext = callContexts(deps);
  return webSocketServer({ ...deps, router: billingRouter, createContext: async (c) => ({ ...(await callContext(c)), services }) });
};
