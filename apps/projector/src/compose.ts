import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { shardLeases } from "@cartwright/messaging/leases";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import { sideBySide } from "@cartwright/service-kit/side-by-side";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { projectorApp } from "./app.ts";
import { startCartView } from "./cart-view/start-cart-view.ts";
import type { ProjectorConfig } from "./config.ts";
import { type RunningFigures, startFigures } from "./figures/start-figures.ts";
import { lagGauges } from "./lag-gauges.ts";
import { projectorWebSockets } from "./node/web-socket.ts";
import { openProjectorTables, projectorSchema as schema } from "./open-projector-tables.ts";
import type { Projection } from "./projection.ts";
import { figuresHealth, projectionHealth } from "./projection-health.ts";
import { startSubjectCarts } from "./subject-carts/start-subject-carts.ts";

export type ProjectorOptions = {
  readonly config: ProjectorConfig;
  /** Where PostgreSQL is; the user owns the schema `projector`. */
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly cartLog: LogReader & Pick<EventLog, "readStream">;
  /** How the cart's events come; without it they are read from its log. */
  readonly feed?: LogFeed;
  /** The other logs that are counted, each as soon as it is there. */
  readonly feeds: { readonly billing: Promise<LogFeed>; readonly fraud: Promise<LogFeed> };
  /** The process's own tailer of the cart's log, if there is one. */
  readonly cartTailer?: Tailer;
  /** Whether other processes share the work. One that has it alone begins without waiting for leases to run out. */
  readonly shared: boolean;
  /** The views that are read in the same process, if any: they are told what is written. */
  readonly views?: CartViewsListener;
  readonly verifier: TokenVerifier;
  readonly health?: Health;
  readonly logger: Logger;
  readonly metrics?: Metrics;
};

export type Projector = AsyncDisposable & Pick<ServedApp, "url" | "port"> & { stop(): Promise<void> };

/** Starts the service: it projects and listens when this resolves. */
export const startProjector = async (options: ProjectorOptions): Promise<Projector> => {
  const { config, cartLog, cartTailer, shared, views = nobodyListens, health = processHealth(), logger, metrics = noMetrics } = options;
  await using started = new AsyncDisposableStack();
  const { sql } = started.use(await openProjectorTables(options.postgres));
  const onError = (err: unknown) => logger.warn({ err }, "the cart's log can't be tailed");
  const feed = options.feed ?? logFeed({ log: cartLog, tailer: cartTailer, shared, onError });
  const source = () => feed.source(shardLeases({ sql, schema, logger }));
  const { REDIS_CONNECTION_STRING: redisConnection, UPSTASH_REDIS_REST_TOKEN: token, REDIS_TLS_CA: ca } = config;
  const redis = redisConnection && started.use(openRedis(redisConnection, { token, ca })).redis;
  const running = started.use(sideBySide());
  const cartView = running.use(
    await startCartView({
      log: cartLog,
      source,
      sql,
      schema,
      ...(redis && { redis }),
      listener: views,
      around: tracedEvents("project cart-view"),
      // A busy cart is written once for all that happened to it meanwhile; one that was quiet is written at once.
      limits: { restMs: 50 },
      logger,
      metrics,
    }),
  );
  const subjectCarts = running.use(await startSubjectCarts({ log: cartLog, source, sql, schema, ...indexing, logger, metrics }));
  const ownProjections: readonly Projection[] = [
    { name: "cart-view", log: cartLog, consumer: cartView },
    { name: "subject-carts", log: cartLog, consumer: subjectCarts },
  ];
  const counting = { sql, schema, logger, metrics, ...(redis && { redis }) };
  const figures = running.use(startFigures({ ...counting, feeds: { cart: Promise.resolve(feed), ...options.feeds } }));
  registerHealth(health, ownProjections, figures);
  const projections = () => [...ownProjections, ...figures.projections()];
  started.use(lagGauges({ projections, metrics, logger }));
  const { verifier } = options;
  const deps = {
    projections,
    services: { parking: postgresParking(sql, schema), figures },
    verifier,
    health,
    logger,
    metrics,
    now: () => new Date(),
  };
  const answering = { app: projectorApp(deps), webSockets: projectorWebSockets(deps) };
  const listening = { port: config.PROJECTOR_PORT, hostname: config.HOST, variable: "PROJECTOR_PORT" };
  const { url, port } = started.use(serve({ ...answering, ...listening }));

  const resources = started.move();
  const stop = () => resources.disposeAsync();
  return { url, port, stop, [Symbol.asyncDispose]: stop };
};

/** Of what goes by, two events of a cart's life are kept: what a moment brings is passed over in one transaction. */
const indexing = { around: tracedEvents("project subject-carts"), limits: { restMs: 200 } };

const registerHealth = (health: Health, projections: readonly Projection[], { expected }: Pick<RunningFigures, "expected">) => {
  for (const projection of projections) health.register(`projection ${projection.name}`, projectionHealth(projection));
  for (const { name, find } of expected) health.register(`projection ${name}`, figuresHealth(find));
};

const nobodyListens: CartViewsListener = { applied() {}, doubted() {} };
