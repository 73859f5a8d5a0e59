import type { Logger } from "@cartwright/service-kit/logger";
import { forwardRequest } from "@cartwright/service-kit/node/forward-request";
import { socketForwarding } from "@cartwright/service-kit/node/forward-socket";
import type { Tunnel } from "@cartwright/service-kit/node/tunnel";
import type { WebSocketConnection } from "@cartwright/service-kit/node/web-socket-connection";
import type { WebSocketServer } from "@cartwright/service-kit/node/web-socket-server";
import { problem } from "@cartwright/service-kit/problem";
import type { ForwardToPeer } from "../app.ts";
import { type PeerName, peerRouteOf } from "../gateway/peer-route.ts";

/** Where a service is; undefined while that is not known. */
export type PeerUrls = (service: PeerName) => string | undefined;

export type GatewayOptions = {
  readonly peerUrls: PeerUrls;
  readonly logger: Logger;
  /** Of pages that may open sockets; `*` is any. */
  readonly origins?: readonly string[];
};

/** Hands calls for other services on to them, with the caller's token. */
export const forwardToPeer =
  ({ peerUrls, logger }: GatewayOptions): ForwardToPeer =>
  (request, { service, path }) => {
    const upstream = peerUrls(service);
    return upstream === undefined
      ? problem({ status: 502, title: `There is no service ${service} here` })
      : forwardRequest(request, { upstream, path, logger, peer: undefined });
  };

/** The same for WebSockets: those for other services are joined to theirs, and the others are the service's own. */
export const gatewaySockets = (own: WebSocketServer, { peerUrls, logger, origins = [] }: GatewayOptions): WebSocketServer => {
  const forwarding = socketForwarding({
    logger,
    origins,
    upstream: ({ pathname, search }) => {
      const route = peerRouteOf(pathname);
      const origin = route && peerUrls(route.service);
      return origin ? new URL(route.path + search, origin) : null;
    },
  });
  type Socket = Bun.ServerWebSocket<WebSocketConnection>;
  // One server has one type of data; which of the two it is says `isTunnel`.
  const asTunnel = (socket: Socket) => socket as unknown as Bun.ServerWebSocket<Tunnel>;
  const { handlers } = own;
  return {
    upgrade: (request, server) =>
      peerRouteOf(new URL(request.url).pathname)
        ? forwarding.upgrade(request, server as unknown as Bun.Server<Tunnel>)
        : own.upgrade(request, server),
    handlers: {
      ...handlers,
      open: (socket) => (isTunnel(socket.data) ? forwarding.handler.open?.(asTunnel(socket)) : handlers.open?.(socket)),
      message: (socket, message) =>
        isTunnel(socket.data) ? forwarding.handler.message?.(asTunnel(socket), message) : handlers.message?.(socket, message),
      drain: (socket) => (isTunnel(socket.data) ? forwarding.handler.drain?.(asTunnel(socket)) : handlers.drain?.(socket)),
      close: (socket, code, reason) =>
        isTunnel(socket.data) ? forwarding.handler.close?.(asTunnel(socket), code, reason) : handlers.close?.(socket, code, reason),
    },
    stop: async (options) => {
      await Promise.all([forwarding.stop(options), own.stop(options)]);
    },
  };
};

const isTunnel = (data: WebSocketConnection | Tunnel): boolean => "cut" in data;
