import { callContexts } from "@cartwright/service-kit/call-context";
import { type WebSocketServer, webSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import type { ProjectorAppDeps } from "../app.ts";
import { projectorRouter } from "../router.ts";

/** The service's procedures over WebSockets at `/trpc`. */
export const projectorWebSockets = ({ projections, services, now, ...deps }: ProjectorAppDeps): WebSocketServer => {
  const callContext = callContexts(deps);
  return webSocketServer({
    ...deps,
    router: projectorRouter,
    createContext: async (c) => ({ ...(await callContext(c)), projections, services, now }),
  });
};
