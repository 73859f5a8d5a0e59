import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import type { Health } from "@cartwright/service-kit/health";
import { serve } from "@cartwright/service-kit/node/serve";
import type { OpenSealed } from "@cartwright/service-kit/open-remotely";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { cartApp } from "./app.ts";
import { bunPasswords } from "./auth/node/bun-passwords.ts";
import { readDocsAssets } from "./node/docs-assets.ts";
import { forwardToPeer, gatewaySockets } from "./node/gateway.ts";
import { redisViews } from "./node/redis-views.ts";
import { cartWebSockets } from "./node/web-socket.ts";
import { type PostgresCartOptions, postgresCart } from "./postgres-cart.ts";
import { OpenValues } from "./privacy/open-values.ts";

export type StartCartOptions = Omit<PostgresCartOptions, "passwords">;

export type RunningCart = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** The cart's log and its tailer, for whoever reads it in the same process. */
  readonly log: PostgresEventLog;
  readonly tailer: Tailer;
  /** What carts are shown from, for a projector in the same process. */
  readonly views: CartViewsListener;
  readonly health: Health;
  /** Of the tokens that this service takes. */
  readonly verifier: TokenVerifier;
  /** By which the service speaks to the others. */
  readonly ownToken: () => Promise<string>;
  /** For the services of the same process that reach persons: as `privacy.open` answers the others. */
  readonly openSealed: OpenSealed;
  /** Ends what the service does on its own, before the logs that it follows are closed. */
  readonly stopReacting: () => Promise<void>;
};

/** Starts the service on PostgreSQL and answers when it listens. Disposing it ends what is under way and gives everything back. */
export const startCart = async (options: StartCartOptions): Promise<RunningCart> => {
  await using started = new AsyncDisposableStack();
  const { deps, stopLive, log, tailer, views, ownToken, stopReacting } = started.use(
    await postgresCart({ ...redisViews(options), ...options, passwords: bunPasswords }),
  );
  const { peerUrls = () => undefined, logger } = options;
  const gateway = { peerUrls, logger, origins: options.config.CORS_ORIGINS };
  const app = cartApp({ ...deps, forward: forwardToPeer(gateway), docsAssets: await readDocsAssets() });
  const answering = { app, webSockets: gatewaySockets(cartWebSockets(deps), gateway), endStreams: stopLive };
  const { CART_PORT, HOST } = options.config;
  const server = started.use(serve({ ...answering, port: CART_PORT, hostname: HOST, variable: "CART_PORT" }));
  const { health, verifier } = deps;
  const openSealed: OpenSealed = (values) => deps.services.privacy.open(OpenValues.shape.values.parse(values));
  const held = started.move();
  return {
    ...{ url: server.url, port: server.port, log, tailer, views, health, verifier, ownToken, openSealed, stopReacting },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};
