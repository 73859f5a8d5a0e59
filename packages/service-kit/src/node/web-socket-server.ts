import type { AnyTRPCRouter } from "@trpc/server";
import { type Metrics, noMetrics } from "../metrics.ts";
import { problem } from "../problem.ts";
import { askToComeAgain } from "./ask-to-come-again.ts";
import { type WebSocketAcceptorOptions, webSocketAcceptor } from "./web-socket-acceptor.ts";
import { type WebSocketConnection, type WebSocketLimits, webSocketLimits, whyToEnd } from "./web-socket-connection.ts";
import { webSocketPeer } from "./web-socket-peer.ts";
import { keptHeaders, upgradeRefusal } from "./web-socket-upgrade.ts";

export type WebSocketServer = {
  /** Takes a request for a WebSocket over and answers undefined, or answers why not. */
  upgrade(request: Request, server: Pick<Bun.Server<WebSocketConnection>, "upgrade" | "requestIP">): Upgrading;
  /** For `Bun.serve`. */
  readonly handlers: Bun.WebSocketHandler<WebSocketConnection>;
  /** Takes no more connections, asks clients to come again, each at a time of its own, and closes what is left after `graceMs`. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
};

type Upgrading = Response | undefined | Promise<Response | undefined>;

export type WebSocketServerOptions<Router extends AnyTRPCRouter> = Omit<WebSocketAcceptorOptions<Router>, "maxBatchSize"> & {
  readonly path?: string;
  /** Of pages that may connect; `*` is any. */
  readonly origins?: readonly string[];
  readonly metrics?: Metrics;
  readonly limits?: Partial<WebSocketLimits>;
};

/**
 * Serves a router over WebSockets, to be given to `serve`. A client says who it is in its first message, whose params stand for headers. It is
 * disconnected when it does not, when its token is no longer good, and when it does not read what it is sent.
 */
export const webSocketServer = <Router extends AnyTRPCRouter>(options: WebSocketServerOptions<Router>): WebSocketServer => {
  const { path = "/trpc", origins = [], metrics = noMetrics } = options;
  const limits = { ...webSocketLimits, ...options.limits };
  const accept = webSocketAcceptor({ ...options, ...limits });
  const open = instruments(metrics);
  const connections = new Set<WebSocketConnection>();
  const emptied = Promise.withResolvers<void>();
  let stopping = false;

  const sweeping = setInterval(() => {
    for (const connection of connections) {
      const why = whyToEnd(connection, limits);
      if (why === undefined) continue;
      open.cutOff.add({ reason: why });
      if (why === "stalled") connection.peer?.terminate();
      else connection.peer?.close(closings[why].code, closings[why].reason);
    }
  }, limits.sweepMs).unref();
  const counted = () => {
    open.connections.set({}, connections.size);
    if (stopping && connections.size === 0) emptied.resolve();
  };

  return {
    upgrade(request, server) {
      if (stopping || connections.size >= limits.maxConnections) return noRoom();
      const refusal = upgradeRefusal(request, { path, origins });
      if (refusal) return refusal;
      const remoteAddress = server.requestIP(request)?.address;
      const data: WebSocketConnection = { headers: keptHeaders(request), remoteAddress, openedAt: performance.now() };
      return server.upgrade(request, { data }) ? undefined : problem({ status: 400, title: "The request does not ask for a WebSocket" });
    },
    handlers: {
      maxPayloadLength: limits.maxMessageBytes,
      backpressureLimit: limits.maxQueuedBytes,
      idleTimeout: IDLE_TIMEOUT_S,
      sendPings: true,
      perMessageDeflate: false,
      open(socket) {
        const { data } = socket;
        data.peer = webSocketPeer({ socket, ...limits, onOverflow: () => open.cutOff.add({ reason: "overflow" }) });
        connections.add(data);
        counted();
        accept(data.peer, data);
      },
      message: (socket, message) => socket.data.peer?.received(message),
      drain: (socket) => socket.data.peer?.drained(),
      close({ data }) {
        connections.delete(data);
        counted();
        data.peer?.closed();
      },
    },
    async stop({ graceMs = GRACE_MS } = {}) {
      stopping = true;
      const peers = [...connections].flatMap(({ peer }) => peer ?? []);
      if (connections.size > 0) await askToComeAgain(peers, { graceMs, emptied: emptied.promise });
      clearInterval(sweeping);
      for (const { peer } of [...connections]) peer?.close(closings.restart.code, closings.restart.reason);
    },
  };
};

const GRACE_MS = 3_000;
/** Of silence, before which Bun asks the client whether it is still there. */
const IDLE_TIMEOUT_S = 60;

const closings = {
  unidentified: { code: 4408, reason: "the first message did not come" },
  unauthorized: { code: 4401, reason: "the access token is not good, or no longer" },
  unavailable: { code: 1013, reason: "nobody can say now whether the access token is good" },
  restart: { code: 1012, reason: "the service restarts" },
} as const;

const noRoom = () => problem({ status: 503, title: "No more connections are taken here: try again" }, { "retry-after": "1" });

const instruments = (metrics: Metrics) => ({
  connections: metrics.gauge({ name: "web_socket_connections", help: "WebSockets that are open" }),
  cutOff: metrics.counter({
    name: "web_socket_cut_off_total",
    help: "WebSockets that the service ended, by reason: what waited was too much (overflow) or too long (stalled), or who it was",
    labels: ["reason"],
  }),
});
