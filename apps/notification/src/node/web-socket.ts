import { callContexts } from "@cartwright/service-kit/call-context";
import { type WebSocketServer, webSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import type { NotificationAppDeps } from "../app.ts";
import { notificationRouter } from "../router.ts";

/** The service's procedures over WebSockets at `/trpc`. */
export const notificationWebSockets = ({ services, ...deps }: NotificationAppDeps): WebSocketServer => {
  const callContext = callContexts(deps);
  return webSocketServer({ ...deps, router: notificationRouter, createContext: async (c) => ({ ...(await callContext(c)), services }) });
};
