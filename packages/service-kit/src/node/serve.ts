import { listen } from "./listen.ts";
import type { WebSocketConnection } from "./web-socket-connection.ts";
import type { WebSocketServer } from "./web-socket-server.ts";

export type ServeOptions = {
  /** What answers a request; a Hono app is one. */
  readonly app: { fetch(request: Request, server: Bun.Server<WebSocketConnection>): Response | Promise<Response> };
  /** What takes requests for WebSockets; without it the app answers them. It is stopped with the rest. */
  readonly webSockets?: WebSocketServer | undefined;
  /** Called at the stop, once WebSockets are closed: ends answers that would go on for ever. */
  readonly endStreams?: (() => void) | undefined;
  readonly port: number;
  /** All addresses unless given. */
  readonly hostname?: string;
  /** The variable that the port comes from, for whoever finds it taken. */
  readonly variable: string;
};

export type ServedApp = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, ends what is under way within `graceMs`, and then closes what is left. May be called more than once. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
};

/**
 * Serves an app over HTTP.
 *
 * @throws {PortError} which names the port and its variable when the port cannot be had.
 */
export const serve = ({ app, webSockets, endStreams, port, hostname, variable }: ServeOptions): ServedApp => {
  const server = listen({
    port,
    variable,
    serve: (wanted) =>
      Bun.serve<WebSocketConnection>({
        port: wanted,
        ...(hostname !== undefined && { hostname }),
        fetch: (request, own) => (webSockets && isUpgrade(request) ? webSockets.upgrade(request, own) : app.fetch(request, own)),
        websocket: webSockets?.handlers ?? { message: () => {} },
        error: () => new Response(null, { status: 500 }),
        idleTimeout: IDLE_TIMEOUT_S,
        maxRequestBodySize: MAX_BODY_BYTES,
      }),
  });
  let stopped: Promise<void> | undefined;
  const stop = ({ graceMs = GRACE_MS } = {}) => {
    stopped ??= stopWithin({ server, webSockets, endStreams }, graceMs);
    return stopped;
  };
  return { url: server.url.origin, port: server.port ?? port, stop, [Symbol.asyncDispose]: () => stop() };
};

const isUpgrade = ({ headers }: Request) => headers.get("upgrade")?.toLowerCase() === "websocket";

type Stopping = Pick<ServeOptions, "webSockets" | "endStreams"> & { server: Bun.Server<WebSocketConnection> };

const stopWithin = async ({ server, webSockets, endStreams }: Stopping, graceMs: number): Promise<void> => {
  const timer = setTimeout(() => void server.stop(true), graceMs);
  // It refuses whoever comes from now on, so that clients who are asked to come again find another process.
  const stopped = server.stop();
  await webSockets?.stop({ graceMs: graceMs / 2 });
  endStreams?.();
  await stopped;
  clearTimeout(timer);
};

/** Bun counts a handler at work as idle: longer than any call may wait, shorter than what a proxy keeps open. */
const IDLE_TIMEOUT_S = 60;
/** The last resort of a limit. Apps refuse at 1 MiB, in words; what Bun cuts off gets a bare status. */
const MAX_BODY_BYTES = 16 * 1_048_576;
const GRACE_MS = 5_000;
