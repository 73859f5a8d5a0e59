import { openPostgresEventLog, type PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { type Tailer, tail } from "@cartwright/event-log/tailer";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Publish } from "@cartwright/messaging/transport";
import type { CartViewsBesideWriter, CartViewsListener } from "@cartwright/read-model/cart-views-over";
import { openPostgresCartViews } from "@cartwright/read-model/postgres/open-postgres-cart-views";
import { type Health, type HealthCheck, processHealth } from "@cartwright/service-kit/health";
import { logCheck } from "@cartwright/service-kit/health-checks";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { ownTokens } from "@cartwright/service-kit/own-tokens";
import { sideBySide } from "@cartwright/service-kit/side-by-side";
import { parseSigningKey } from "@cartwright/service-kit/token-issuer";
import type postgres from "postgres";
import type { CartAppDeps } from "./app.ts";
import { type AccountSealing, accountSealing } from "./auth/account-sealing.ts";
import { loadDemonstrationAccounts } from "./auth/demonstration-accounts.ts";
import { openAuth } from "./auth/open-auth.ts";
import { noPasswords, type Passwords } from "./auth/passwords.ts";
import { keptSigningKey } from "./auth/postgres/kept-signing-key.ts";
import { postgresAccountStore, sealKeptAccounts } from "./auth/postgres/postgres-account-store.ts";
import { postgresSessionStore } from "./auth/postgres/postgres-session-store.ts";
import { postgresSupportReads } from "./carts/postgres/postgres-support-reads.ts";
import { postgresCatalogTable } from "./catalog/postgres/postgres-catalog-table.ts";
import { type CartConfig, outsideIssuer, roundingRules, serviceSecretsOf } from "./config.ts";
import type { Services } from "./context.ts";
import { customers } from "./customers/customers.ts";
import { postgresCustomerTable } from "./customers/postgres/postgres-customer-table.ts";
import type { PeerName } from "./gateway/peer-route.ts";
import { openTables } from "./open-tables.ts";
import { isDemonstration, loadDemonstrationCatalogue } from "./ops/load-demonstration-catalogue.ts";
import { loadDemonstrationShop } from "./ops/load-demonstration-shop.ts";
import { exportElsewhere } from "./privacy/export-elsewhere.ts";
import { openSealer } from "./privacy/open-sealer.ts";
import { postgresPersons } from "./privacy/postgres/postgres-persons.ts";
import { postgresTrail } from "./privacy/postgres/postgres-trail.ts";
import { masterKey } from "./privacy/sealing.ts";
import { type CheckoutFeeds, startReactions } from "./reactions.ts";
import { cartServices } from "./services.ts";
import { postgresKeptTable } from "./shop/postgres/postgres-kept-table.ts";

export type PostgresCartOptions = {
  readonly config: CartConfig;
  /** Where PostgreSQL is; the user owns the schema `cart`. */
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  /** Of the process, to which the service adds its checks. */
  readonly health?: Health;
  /** Where the runtime has a memory-hard hash; without one there are guests, and tokens of an outside issuer. */
  readonly passwords?: Passwords;
  /** Opens the read model, which looks into the log for what it does not have; without it the projector's in the same database. */
  readonly openViews?: (log: PostgresEventLog) => Promise<OpenedViews>;
  /** `in-process` where no other process appends to the log. */
  readonly wakeUps?: "notify" | "in-process";
  readonly now?: () => Date;
  /** The logs that checkouts follow, each as soon as it is there; without them checkouts wait for their deadline. */
  readonly feeds?: CheckoutFeeds;
  /** Where the services are that keep something of persons, too; absent where there are none. */
  readonly peerUrls?: (service: PeerName) => string | undefined;
  /** How the log becomes known to other processes; absent where they read it themselves. */
  readonly publish?: Publish;
  /** A catalogue file's content, for a first look: put where there has never been a product. */
  readonly demonstrationCatalogue?: unknown;
  /** What the shop keeps beside it, as a file: put together with the catalogue. */
  readonly demonstrationShop?: unknown;
};

export type PostgresCart = AsyncDisposable & {
  /** What the service answers requests by, wherever it listens. */
  readonly deps: CartAppDeps;
  /** Ends all live carts, so that their readers go elsewhere. */
  readonly stopLive: () => void;
  readonly log: PostgresEventLog;
  readonly tailer: Tailer;
  /** What carts are shown from, for a projector in the same process. */
  readonly views: CartViewsListener;
  /** By which the service speaks to the others. */
  readonly ownToken: () => Promise<string>;
  /** Ends what the service does on its own, before the logs that it follows are closed. */
  readonly stopReacting: () => Promise<void>;
};

export type OpenedViews = CartViewsBesideWriter & AsyncDisposable & { readonly check?: HealthCheck["check"] };

const schema = "cart";

/** The service on PostgreSQL, with what it does on its own: all of it but what listens, on any runtime that postgres.js runs on. */
export const postgresCart = async (options: PostgresCartOptions): Promise<PostgresCart> => {
  const { config, logger, metrics = noMetrics, health = processHealth(), now = () => new Date(), wakeUps = "notify" } = options;
  const onError = (err: unknown) => logger.warn({ err }, "in the background");
  await using started = new AsyncDisposableStack();

  const log = started.use(await openPostgresEventLog({ connection: options.postgres, schema, wakeUps, onError }));
  const { sql, derived } = started.use(await openTables({ connection: options.postgres, schema, maxConnections: config.CART_POOL_SIZE }));
  const tailer = await tail({ log, onError });
  started.defer(() => tailer.stop());
  const persons = postgresPersons(sql, schema);
  const master = await masterKey(config.PRIVACY_MASTER_KEY, config.PRIVACY_OLD_MASTER_KEYS);
  const seals = started.use(openSealer({ keys: persons.keys, master, now, tailer, logger }));
  const auth = started.use(await authOn(sql, { ...options, sealing: accountSealing(seals, master), now, onError }));
  const views = started.use(await openedViews(log, { ...options, health }));
  const { services, handler, stopLive, stop } = cartServices({
    log,
    tailer,
    auth,
    catalogTable: postgresCatalogTable(sql, schema),
    keptTable: postgresKeptTable(sql, schema),
    persons,
    ...{ sealer: seals, customers: customers({ table: postgresCustomerTable(sql, schema), master }) },
    trailOf: postgresTrail(sql, schema),
    exportElsewhere: options.peerUrls && exportElsewhere({ urlOf: options.peerUrls, token: auth.ownToken }),
    rounding: roundingRules(config),
    views,
    supportReads: postgresSupportReads(sql, schema),
    parking: postgresParking(derived, schema),
    defaultCurrency: config.DEFAULT_CURRENCY,
    checkoutLimitMs: config.CHECKOUT_DEADLINE,
    logger,
    metrics,
    now,
  });
  started.defer(stop);
  const idleLimitsMs = { guest: config.CART_IDLE_GUEST, user: config.CART_IDLE_USER };
  const own = { log, tailer, sql: derived, schema };
  const running = started.use(sideBySide());
  const reactions = running.use(await startReactions({ ...own, handler, idleLimitsMs, logger, metrics, now, feeds: options.feeds }));
  if (options.publish) running.use(await options.publish(own));
  await loadDemonstration(services, options);

  health.register("cart log", logCheck(log));
  // Carts are served without them, and checkouts wait.
  health.register("checkouts", { kind: "ready", check: () => ({ ok: true, detail: waitingFor(reactions.waitsFor()) }) });
  const { verifier, jwks, ownToken } = auth;
  const held = started.move();
  return {
    deps: { services, verifier, jwks, health, logger, metrics, ...limitsOf(config) },
    stopLive,
    ...{ log, tailer, views, ownToken },
    stopReacting: async () => reactions[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

const limitsOf = (config: CartConfig) => ({
  corsOrigins: config.CORS_ORIGINS,
  bodyLimitBytes: config.BODY_LIMIT_BYTES,
  maxBatchSize: config.MAX_BATCH_SIZE,
  trustedProxies: config.TRUSTED_PROXIES,
});

const waitingFor = (logs: readonly string[]) => (logs.length === 0 ? "they go on" : `they wait for ${logs.join(" and ")}`);

const loadDemonstration = async (services: Services, options: PostgresCartOptions) => {
  const { demonstrationCatalogue, demonstrationShop, logger } = options;
  if (demonstrationCatalogue === undefined) return;
  const loaded = await loadDemonstrationCatalogue(services.catalog, demonstrationCatalogue);
  if (loaded && !loaded.ok) logger.error({ faults: loaded.faults }, "the demonstration catalogue is no catalogue");
  if (demonstrationShop === undefined || !(await isDemonstration(services.catalog, demonstrationCatalogue))) return;
  const kept = await loadDemonstrationShop(services, demonstrationShop);
  if (!kept.ok) logger.error({ faults: kept.faults }, "the demonstration shop is no shop");
};

type OpenViewsOptions = Pick<PostgresCartOptions, "postgres" | "openViews"> & { readonly health: Health };

const openedViews = async (log: PostgresEventLog, { postgres: connection, openViews, health }: OpenViewsOptions): Promise<OpenedViews> => {
  if (!openViews) return await openPostgresCartViews({ connection, log });
  const views = await openViews(log);
  if (views.check) health.register("cart views", { kind: "ready", check: views.check });
  return views;
};

type AuthOptions = Pick<PostgresCartOptions, "config" | "passwords"> & {
  readonly sealing: AccountSealing;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
};

const authOn = async (sql: postgres.Sql, { config, passwords, sealing, now, onError }: AuthOptions) => {
  const { APP_ENV, AUTH_SIGNING_KEY } = config;
  await sealKeptAccounts(sql, schema, sealing);
  const accounts = postgresAccountStore(sql, schema, sealing);
  if (APP_ENV === "development" && passwords) await loadDemonstrationAccounts(accounts, passwords);
  return openAuth({
    ...ownTokens,
    accounts,
    sessions: postgresSessionStore(sql, schema),
    passwords: passwords ?? noPasswords,
    keys: [AUTH_SIGNING_KEY === undefined ? await keptSigningKey(sql, schema) : await parseSigningKey(AUTH_SIGNING_KEY)],
    outside: outsideIssuer(config),
    serviceSecrets: serviceSecretsOf(config),
    now,
    onError,
  });
};
