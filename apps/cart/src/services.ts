import type { Currency } from "@cartwright/contracts/currency";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { CartViews } from "@cartwright/read-model/cart-views";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import type { OpenedAuth } from "./auth/open-auth.ts";
import { cartCommands } from "./carts/cart-commands.ts";
import { cartModel } from "./carts/cart-model.ts";
import { cartQueries } from "./carts/cart-queries.ts";
import type { SupportReads } from "./carts/support-reads.ts";
import { catalog } from "./catalog/catalog.ts";
import { catalogModel } from "./catalog/catalog-model.ts";
import type { CatalogTable } from "./catalog/catalog-table.ts";
import { checkouts } from "./checkouts/checkouts.ts";
import type { Services } from "./context.ts";
import { liveCart } from "./live/live-cart.ts";
import { liveHub } from "./live/live-hub.ts";
import { orders } from "./orders/orders.ts";

export type ServicesDeps = {
  readonly log: EventLog;
  readonly tailer: Tailer;
  readonly auth: Pick<OpenedAuth, "auth" | "verifier">;
  readonly catalogTable: CatalogTable;
  readonly views: CartViews;
  readonly supportReads: SupportReads;
  readonly defaultCurrency: Currency;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
  readonly now: () => Date;
  readonly viewWaitMs?: number;
  /** How long a checkout may take. */
  readonly checkoutLimitMs?: number;
};

/** What the service can do, put together from where it keeps things. */
export const cartServices = (deps: ServicesDeps) => {
  const {
    log,
    tailer,
    auth,
    catalogTable,
    defaultCurrency,
    logger,
    metrics = noMetrics,
    now,
    viewWaitMs = 1_000,
    checkoutLimitMs = 900_000,
  } = deps;
  const handler = commandHandler({ log, model: cartModel });
  const products = catalog({
    log,
    tailer,
    table: catalogTable,
    handler: commandHandler({ log, model: catalogModel }),
    defaultCurrency,
    now,
  });
  const hub = liveHub({ tailer, metrics });
  const shared = { ...deps, handler, catalog: products };
  const live = { ...shared, hub, metrics };
  const services: Services = {
    carts: cartCommands({ ...shared, verifier: auth.verifier }),
    queries: cartQueries({
      ...shared,
      viewWaitMs,
      onViewsAway: (err) => logger.warn({ err }, "the read model can't be read: the log is folded instead"),
    }),
    live: liveCart(live),
    catalog: products,
    checkouts: checkouts({ ...live, checkoutLimitMs }),
    orders: orders(live),
    log,
    auth: auth.auth,
    now,
  };
  const stop = () => {
    hub.stop();
    products.stop();
  };
  return { services, handler, stopLive: hub.stop, stop };
};
