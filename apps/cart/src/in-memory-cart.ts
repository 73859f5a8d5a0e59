import type { Currency } from "@cartwright/contracts/currency";
import type { RoundingRules } from "@cartwright/contracts/pricing-shapes";
import { shopEvents } from "@cartwright/contracts/shop-events";
import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { type Tailer, tail } from "@cartwright/event-log/tailer";
import type { CartViews } from "@cartwright/read-model/cart-views";
import { cartViewsFromLog } from "@cartwright/read-model/cart-views-from-log";
import { processHealth } from "@cartwright/service-kit/health";
import { type Logger, silentLogger } from "@cartwright/service-kit/logger";
import { ownTokens } from "@cartwright/service-kit/own-tokens";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { type CartAppDeps, cartApp } from "./app.ts";
import { inMemoryAccountStore } from "./auth/in-memory-account-store.ts";
import { inMemorySessionStore } from "./auth/in-memory-session-store.ts";
import { openAuth } from "./auth/open-auth.ts";
import { noPasswords, type Passwords } from "./auth/passwords.ts";
import type { SupportRead } from "./carts/support-reads.ts";
import { feedInMemoryCatalog } from "./catalog/feed-in-memory-catalog.ts";
import { inMemoryCatalogTable } from "./catalog/in-memory-catalog-table.ts";
import { customers } from "./customers/customers.ts";
import { inMemoryCustomerTable } from "./customers/in-memory-customer-table.ts";
import type { ExportElsewhere } from "./privacy/export-elsewhere.ts";
import { inMemoryPersons } from "./privacy/in-memory-persons.ts";
import { inMemoryTrail } from "./privacy/in-memory-trail.ts";
import { openSealer } from "./privacy/open-sealer.ts";
import { masterKey } from "./privacy/sealing.ts";
import { cartServices } from "./services.ts";
import { inMemoryKeptTable } from "./shop/in-memory-kept-table.ts";
import { keptRowsAfter } from "./shop/kept-rows-after.ts";

export type InMemoryCartOptions = Pick<CartAppDeps, "corsOrigins" | "bodyLimitBytes" | "maxBatchSize" | "docsAssets" | "metrics"> & {
  /** No web standard has a memory-hard hash: without one nobody can sign in, and everybody can be a guest. */
  readonly passwords?: Passwords;
  readonly log?: EventLog;
  readonly views?: CartViews;
  readonly defaultCurrency?: Currency;
  readonly rounding?: RoundingRules;
  readonly logger?: Logger;
  readonly now?: () => Date;
  /** Absent where there are no other services. */
  readonly exportElsewhere?: ExportElsewhere;
};

/** The service with all that it keeps in memory: for tests, and for runtimes where there is no PostgreSQL. */
export const inMemoryCart = async (options: InMemoryCartOptions = {}) => {
  const { logger = silentLogger, now = () => new Date(), passwords = noPasswords } = options;
  const log = options.log ?? inMemoryEventLog({ name: "cart", now });
  const tailer = await tail({ log });
  const accounts = inMemoryAccountStore();
  const sessions = inMemorySessionStore(now);
  const keys = [await generateSigningKey()] as const;
  const auth = await openAuth({ ...ownTokens, accounts, sessions, passwords, keys, serviceSecrets: {}, now });
  const supportReads: SupportRead[] = [];
  const catalogTable = inMemoryCatalogTable();
  const keptTable = inMemoryKeptTable();
  const persons = inMemoryPersons(accounts, supportReads);
  const master = await masterKey(crypto.randomUUID());
  const seals = openSealer({ keys: persons.keys, master, now, tailer, logger });
  const { services, stop, stopLive, handler } = cartServices({
    log,
    tailer,
    auth,
    catalogTable,
    keptTable,
    persons,
    sealer: seals,
    customers: customers({ table: inMemoryCustomerTable(persons.keys), master }),
    ...(options.rounding && { rounding: options.rounding }),
    trailOf: inMemoryTrail(log),
    exportElsewhere: options.exportElsewhere,
    views: options.views ?? cartViewsFromLog(log),
    supportReads: { record: async (read) => void supportReads.push(read) },
    defaultCurrency: options.defaultCurrency ?? "EUR",
    logger,
    metrics: options.metrics,
    now,
  });
  const stopProjecting = feedInMemoryCatalog({ tailer, catalog: services.catalog, table: catalogTable, logger });
  const stopKeeping = projectKept({ tailer, table: keptTable });
  const app = cartApp({ ...options, ...auth, services, logger, health: processHealth() });
  return {
    app,
    services,
    verifier: auth.verifier,
    stopLive,
    log,
    handler,
    accounts,
    supportReads,
    async [Symbol.asyncDispose]() {
      stopProjecting();
      stopKeeping();
      stop();
      seals[Symbol.dispose]();
      await tailer.stop();
      await auth[Symbol.asyncDispose]();
    },
  };
};

const projectKept = ({ tailer, table }: { tailer: Tailer; table: ReturnType<typeof inMemoryKeptTable> }) =>
  tailer.onEvents((events) => {
    const told = events.flatMap((recorded) =>
      shopEvents.knows(recorded.type) ? [{ event: shopEvents.decode(recorded), version: recorded.version }] : [],
    );
    table.put(keptRowsAfter(table.rows(), told));
  });
