import { type RunningCart, startCart } from "@cartwright/cart/compose";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import { startProjector } from "@cartwright/projector/compose";
import { openPostgresCartViews } from "@cartwright/read-model/postgres/open-postgres-cart-views";
import { adminApp } from "@cartwright/service-kit/admin-app";
import { processHealth } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import type { ProcessScope } from "@cartwright/service-kit/node/lifecycle";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { serve } from "@cartwright/service-kit/node/serve";
import { startStorefront } from "@cartwright/storefront/compose";
import type postgres from "postgres";
import { startCheckoutServices } from "./checkout-services.ts";
import type { AllInOneConfigs } from "./config.ts";

export type StartServicesOptions = {
  readonly scope: Pick<ProcessScope, "use" | "signal">;
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly configs: AllInOneConfigs;
  readonly logger: Logger;
  /** The content of a catalogue file, loaded where there is no catalogue yet. */
  readonly demonstrationCatalogue: unknown;
  /** What the shop keeps beside it. */
  readonly demonstrationShop?: unknown;
};

/** Where each of them is. */
export type RunningServices = {
  readonly cartUrl: string;
  readonly storefrontUrl: string;
  readonly services: Readonly<Record<"billing" | "fraud" | "notification" | "projector", string>>;
};

/** Every service in this process, each on its own port. Nothing else appends to their logs, so hints stay in the process. */
export const startServices = async ({
  scope,
  postgres,
  configs,
  logger,
  ...demonstration
}: StartServicesOptions): Promise<RunningServices> => {
  const [health, metrics] = [processHealth(), processMetrics()];
  const shared = { postgres, health, metrics };

  const isEmbedded = configs.process.POSTGRES_CONNECTION_STRING === undefined;
  const tableViews = { openViews: openTableViews({ postgres, isEmbedded }) };
  const wakeUps = isEmbedded ? "in-process" : "notify";
  const feedOf = ({ log, tailer }: Pick<RunningCart, "log" | "tailer">) => logFeed({ log, tailer, shared: !isEmbedded });
  const [billingFeed, fraudFeed] = [Promise.withResolvers<LogFeed>(), Promise.withResolvers<LogFeed>()];
  const feeds = { billing: billingFeed.promise, fraud: fraudFeed.promise };
  const peerUrls = new Map<string, string>();
  const cart = scope.use(
    await startCart({
      ...shared,
      feeds,
      peerUrls: (service) => peerUrls.get(service),
      config: configs.cart,
      logger: logger.child({ service: "cart" }),
      ...(configs.projector.REDIS_CONNECTION_STRING === undefined && tableViews),
      ...demonstration,
      wakeUps,
    }),
  );
  const cartUrl = `http://localhost:${cart.port}`;
  // Before billing, which sends shoppers back there.
  const storefront = scope.use(
    await startStorefront({ config: configs.storefront, logger: logger.child({ service: "storefront" }), cartUrl, health }),
  );
  const storefrontUrl = `http://localhost:${storefront.port}`;
  const following = { scope, configs, storefrontUrl, logger, cart, feedOf };
  const peers = await startCheckoutServices({ ...following, beside: { ...shared, shared: !isEmbedded, wakeUps, verifier: cart.verifier } });
  billingFeed.resolve(peers.billingFeed);
  fraudFeed.resolve(peers.fraudFeed);
  const projector = scope.use(
    await startProjector({
      ...shared,
      config: configs.projector,
      logger: logger.child({ service: "projector" }),
      ...{ cartLog: cart.log, cartTailer: cart.tailer, feeds },
      shared: !isEmbedded,
      views: cart.views,
      verifier: cart.verifier,
    }),
  );
  const admin = adminApp({ health, exposeMetrics: metrics.expose });
  scope.use(serve({ app: admin, port: configs.process.ADMIN_PORT, hostname: "127.0.0.1", variable: "ADMIN_PORT" }));
  scope.signal.addEventListener("abort", () => health.drain());
  const services = { ...peers.urls, projector: `http://localhost:${projector.port}` };
  for (const [service, url] of Object.entries(services)) peerUrls.set(service, url);
  return { cartUrl, storefrontUrl, services };
};

// Nobody else writes to an embedded database, and the projector tells of what it has written: this memory is never older than the tables.
const openTableViews =
  ({ postgres: connection, isEmbedded }: Pick<StartServicesOptions, "postgres"> & { readonly isEmbedded: boolean }) =>
  (log: RunningCart["log"]) =>
    openPostgresCartViews({ connection, log, ...(isEmbedded && { rememberLines: rememberedLines }) });

/** Some ten thousand carts of five lines. */
const rememberedLines = 50_000;
