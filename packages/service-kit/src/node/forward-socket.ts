import type { Logger } from "../logger.ts";
import { problem } from "../problem.ts";
import { askToComeAgain } from "./ask-to-come-again.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";
import { type Tunnel, tunnelTo } from "./tunnel.ts";
import { connectSocket } from "./upstream-socket.ts";

export type SocketForwarding = {
  /** Opens a socket to the service behind this one and only then the browser's. Undefined: the request was upgraded. */
  upgrade(request: Request, server: Bun.Server<Tunnel>): Promise<Response | undefined>;
  readonly handler: Bun.WebSocketHandler<Tunnel>;
  /**
   * Takes no more, asks clients to connect anew, each at a time of its own, lets what is under way end, and closes what is
   * left after `graceMs`.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
};

export type SocketForwardingOptions = {
  /** The origin that takes the sockets, or what says where one for this URL goes; null: nobody takes it now. */
  readonly upstream: string | ((url: URL) => URL | null);
  /** Of pages that may open one, beside those of this host; `*` is any. */
  readonly origins?: readonly string[];
  readonly logger: Logger;
  readonly limits?: Partial<typeof defaultLimits>;
};

export const socketForwarding = ({ upstream, logger, origins = [], limits: given }: SocketForwardingOptions): SocketForwarding => {
  const limits = { ...defaultLimits, ...given };
  const tunnels = new Set<Tunnel>();
  const emptied = Promise.withResolvers<void>();
  let stopping = false;

  const upgrade: SocketForwarding["upgrade"] = async (request, server) => {
    if (!fromAllowedOrigin(request, origins)) return problem({ status: 403, title: "Pages of this origin may not connect" });
    if (stopping) return problem({ status: 503, title: "No more connections are taken here: try again" }, { "retry-after": "1" });
    if (tunnels.size >= limits.maxSockets) return problem({ status: 503, title: "Too many sockets are open" }, { "retry-after": "5" });
    const url = new URL(request.url);
    const headers = forwardedHeaders(request, { url, peer: server.requestIP(request)?.address });
    // What was checked here is not for the other side to check: to it, we are the client.
    headers.delete("origin");
    const target = typeof upstream === "string" ? new URL(url.pathname + url.search, upstream) : upstream(url);
    const connecting = { headers, signal: request.signal, timeoutMs: limits.connectMs };
    const behind = target && (await connectSocket(new URL(target.href.replace(/^http/, "ws")), connecting));
    if (!behind) {
      logger.warn({ path: url.pathname }, "the service behind this one opens no socket");
      return problem({ status: 502, title: "The service behind this one does not answer" }, { "retry-after": "1" });
    }
    const tunnel = tunnelTo(behind, limits);
    if (server.upgrade(request, { data: tunnel })) return undefined;
    behind.close();
    return problem({ status: 400, title: "This is no request for a WebSocket" });
  };

  return {
    upgrade,
    handler: {
      maxPayloadLength: limits.maxMessageBytes,
      backpressureLimit: limits.receiveLimitBytes,
      idleTimeout: limits.idleS,
      open(socket) {
        tunnels.add(socket.data);
        socket.data.opened(socket);
      },
      message: (socket, message) => socket.data.received(message),
      drain: (socket) => socket.data.drained(),
      close(socket, code, reason) {
        tunnels.delete(socket.data);
        if (stopping && tunnels.size === 0) emptied.resolve();
        socket.data.closed(code, reason);
      },
    },
    async stop({ graceMs = GRACE_MS } = {}) {
      stopping = true;
      if (tunnels.size > 0) await askToComeAgain(tunnels, { graceMs, emptied: emptied.promise });
      for (const tunnel of tunnels) tunnel.cut(...RESTART);
    },
  };
};

const defaultLimits = {
  maxSockets: 10_000,
  /** Of one message from a browser. */
  maxMessageBytes: 1_048_576,
  /** What may be queued for one browser. */
  receiveLimitBytes: 4_194_304,
  /** What may be queued for the other side before one browser has to wait. */
  sendLimitBytes: 1_048_576,
  patienceMs: 30_000,
  connectMs: 5_000,
  /** A browser that does not answer a ping for so long is gone. */
  idleS: 120,
};

const GRACE_MS = 3_000;
const RESTART: [code: number, reason: string] = [1012, "the service restarts"];

/** A browser says where a page is from; whoever says nothing is no browser, and has no visitor's network to abuse. */
const fromAllowedOrigin = ({ headers }: Request, origins: readonly string[]): boolean => {
  const origin = headers.get("origin");
  return origin === null || origins.includes("*") || origins.includes(origin) || URL.parse(origin)?.host === headers.get("host");
};
