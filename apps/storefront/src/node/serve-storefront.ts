import type { Health } from "@cartwright/service-kit/health";
import { healthRoutes } from "@cartwright/service-kit/health-routes";
import { forwardRequest } from "@cartwright/service-kit/node/forward-request";
import { type SocketForwarding, type SocketForwardingOptions, socketForwarding } from "@cartwright/service-kit/node/forward-socket";
import { listen } from "@cartwright/service-kit/node/listen";
import type { Tunnel } from "@cartwright/service-kit/node/tunnel";
import { problem } from "@cartwright/service-kit/problem";
import { CHECKOUT_PATH } from "../shop/checkout-address.ts";
import { assetResponse, securityHeaders } from "./asset-response.ts";
import { isForwarded } from "./forwarded-path.ts";
import type { PageAssets } from "./page-assets.ts";
import type { PageSource } from "./page-source.ts";

export type ServeStorefrontOptions = Omit<SocketForwardingOptions, "upstream" | "origins"> & {
  /** The origin of the gateway. */
  readonly upstream: string;
  readonly port: number;
  readonly hostname: string;
  readonly page: PageSource;
  /** Pictures of products, by their paths. */
  readonly images: PageAssets;
  readonly health: Health;
};

export type ServedStorefront = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Tells sockets to connect anew, ends what is under way within `graceMs`, and then closes what is left. May be called more than once. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
};

/**
 * Serves the page, its files and the pictures, and hands what the page asks of the services on to the gateway. Everything else is not
 * there.
 *
 * @throws {PortError} which names the port and its variable when the port cannot be had.
 */
export const serveStorefront = (options: ServeStorefrontOptions): ServedStorefront => {
  const { port, hostname, upstream, logger } = options;
  const sockets = socketForwarding(options);
  const answerOwn = ownRoutes(options);

  const answer = async (request: Request, server: Bun.Server<Tunnel>): Promise<Response | undefined> => {
    const { pathname } = new URL(request.url);
    if (!isForwarded(pathname)) return answerOwn(request, pathname);
    if (request.headers.get("upgrade")?.toLowerCase() === "websocket") return sockets.upgrade(request, server);
    const response = await forwardRequest(request, { upstream, logger, peer: server.requestIP(request)?.address });
    // Bun counts a stream that says nothing for a while as idle.
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) server.timeout(request, 0);
    return response;
  };

  const server = listen({
    port,
    variable: "STOREFRONT_PORT",
    serve: (wanted) =>
      Bun.serve<Tunnel>({
        port: wanted,
        hostname,
        fetch: answer,
        websocket: sockets.handler,
        error(err) {
          logger.error({ err }, "a bug");
          return problem({ status: 500, title: "Internal Server Error" });
        },
        idleTimeout: IDLE_TIMEOUT_S,
        maxRequestBodySize: MAX_BODY_BYTES,
      }),
  });

  let stopped: Promise<void> | undefined;
  const stop: ServedStorefront["stop"] = ({ graceMs = GRACE_MS } = {}) => {
    stopped ??= stopWithin({ server, sockets }, graceMs);
    return stopped;
  };
  return { url: server.url.origin, port: server.port ?? port, stop, [Symbol.asyncDispose]: () => stop() };
};

type OwnRoutes = (request: Request, pathname: string) => Response | Promise<Response>;

const ownRoutes = ({ page, images, health, logger }: ServeStorefrontOptions): OwnRoutes => {
  const healthApp = healthRoutes(health);
  return async (request, pathname) => {
    if (pathname.startsWith("/health/")) return healthApp.request(pathname.slice("/health".length), request);
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "Method not allowed");
    try {
      const asset = images.get(pathname) ?? (await page()).get(pagePaths.has(pathname) ? "/" : pathname);
      return asset ? assetResponse(request, pathname, asset) : plain(404, "Not found");
    } catch (err) {
      logger.error({ err }, "the page cannot be served");
      return plain(500, err instanceof Error ? err.message : "The page cannot be served");
    }
  };
};

/** Where the page itself knows what to show. */
const pagePaths: ReadonlySet<string> = new Set([CHECKOUT_PATH]);

const plain = (status: number, text: string): Response =>
  new Response(`${text}\n`, {
    status,
    headers: { ...securityHeaders, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });

type Stopping = { readonly server: Bun.Server<Tunnel>; readonly sockets: SocketForwarding };

const stopWithin = async ({ server, sockets }: Stopping, graceMs: number): Promise<void> => {
  const timer = setTimeout(() => void server.stop(true), graceMs);
  // Whoever comes from now on finds another process, or none.
  const stopped = server.stop();
  await sockets.stop({ graceMs: graceMs / 2 });
  await stopped;
  clearTimeout(timer);
};

const IDLE_TIMEOUT_S = 60;
/** The last resort: the gateway refuses at 1 MiB, in words. */
const MAX_BODY_BYTES = 16 * 1_048_576;
const GRACE_MS = 5_000;
