import type { Currency } from "@cartwright/contracts/currency";
import type { RoundingRules } from "@cartwright/contracts/pricing-shapes";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { CartViews } from "@cartwright/read-model/cart-views";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { nothingParked, type ParkedStreams } from "@cartwright/service-kit/parked-procedures";
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
import type { Customers } from "./customers/customers.ts";
import { liveCart } from "./live/live-cart.ts";
import { liveHub } from "./live/live-hub.ts";
import { nowAndThen } from "./now-and-then.ts";
import { orders } from "./orders/orders.ts";
import { type ExportElsewhere, nothingElsewhere } from "./privacy/export-elsewhere.ts";
import { privacyModel } from "./privacy/forget-subject.ts";
import type { Persons } from "./privacy/persons.ts";
import { privacy } from "./privacy/privacy.ts";
import type { Sealer } from "./privacy/sealer.ts";
import type { TrailOf } from "./privacy/trail.ts";
import { keptModel } from "./shop/kept.ts";
import type { KeptTable } from "./shop/kept-table.ts";
import { shop } from "./shop/shop.ts";
import { stock, stockModel } from "./shop/stock.ts";

export type ServicesDeps = {
  readonly log: EventLog;
  readonly tailer: Tailer;
  readonly auth: Pick<OpenedAuth, "auth" | "verifier">;
  readonly catalogTable: CatalogTable;
  readonly keptTable: KeptTable;
  /** What is kept of persons outside the log. */
  readonly persons: Persons;
  readonly sealer: Sealer;
  readonly customers: Customers;
  readonly trailOf: TrailOf;
  /** Absent where there are no other services. */
  readonly exportElsewhere?: ExportElsewhere | undefined;
  readonly views: CartViews;
  readonly supportReads: SupportReads;
  /** Streams that a reaction of this service could not handle. */
  readonly parking?: ParkedStreams;
  readonly defaultCurrency: Currency;
  /** Of each step of a quote; half up, unless said. */
  readonly rounding?: RoundingRules;
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
    keptTable,
    rounding = { discounts: "half-up", tax: "half-up" },
    logger,
    metrics = noMetrics,
    now,
    viewWaitMs = 1_000,
    checkoutLimitMs = 900_000,
    exportElsewhere = nothingElsewhere,
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
  const kept = shop({ handler: commandHandler({ log, model: keptModel }), table: keptTable, now });
  const hub = liveHub({ tailer, metrics });
  const { sealer } = deps;
  const person = { seal: sealer.seal, unseal: sealer.open, digest: sealer.digest };
  const shared = { ...deps, handler, catalog: products, shop: kept, rounding, ...person };
  const live = { ...shared, hub, metrics };
  const services: Services = {
    carts: cartCommands({ ...shared, verifier: auth.verifier }),
    queries: cartQueries({
      ...shared,
      viewWaitMs,
      onViewsAway: nowAndThen((err, untold) => logger.warn({ err, untold }, "the read model can't be read: the log is folded instead"), {
        now,
      }),
    }),
    live: liveCart(live),
    catalog: products,
    checkouts: checkouts({ ...live, checkoutLimitMs }),
    orders: orders(live),
    shop: kept,
    stock: stock({ handler: commandHandler({ log, model: stockModel }), log, now }),
    privacy: privacy({ ...shared, handler: commandHandler({ log, model: privacyModel }), exportElsewhere }),
    log,
    parking: deps.parking ?? nothingParked,
    auth: auth.auth,
    now,
  };
  const stop = () => {
    hub.stop();
    products.stop();
  };
  return { services, handler, stopLive: hub.stop, stop };
};
