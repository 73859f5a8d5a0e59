import { listen } from "./listen.ts";

export type ServeOptions = {
  /** What answers a request; a Hono app is one. */
  readonly app: { fetch(request: Request, server: Bun.Server<unknown>): Response | Promise<Response> };
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
export const serve = ({ app, port, hostname, variable }: ServeOptions): ServedApp => {
  const server = listen({
    port,
    variable,
    serve: (wanted) =>
      Bun.serve({
        port: wanted,
        ...(hostname !== undefined && { hostname }),
        fetch: (request, own) => app.fetch(request, own),
        error: () => new Response(null, { status: 500 }),
        idleTimeout: IDLE_TIMEOUT_S,
        maxRequestBodySize: MAX_BODY_BYTES,
      }),
  });
  let stopped: Promise<void> | undefined;
  const stop = ({ graceMs = GRACE_MS } = {}) => {
    stopped ??= stopWithin(server, graceMs);
    return stopped;
  };
  return { url: server.url.origin, port: server.port ?? port, stop, [Symbol.asyncDispose]: () => stop() };
};

const stopWithin = async (server: Bun.Server<unknown>, graceMs: number): Promise<void> => {
  const timer = setTimeout(() => void server.stop(true), graceMs);
  await server.stop();
  clearTimeout(timer);
};

/** Bun counts a handler at work as idle: longer than any call may wait, shorter than what a proxy keeps open. */
const IDLE_TIMEOUT_S = 60;
/** The last resort of a limit. Apps refuse at 1 MiB, in words; what Bun cuts off gets a bare status. */
const MAX_BODY_BYTES = 16 * 1_048_576;
const GRACE_MS = 5_000;
