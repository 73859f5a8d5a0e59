import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { type Clock, systemClock } from "@cartwright/messaging/clock";
import { consumer } from "@cartwright/messaging/consumer";
import { follower } from "@cartwright/messaging/follower";
import { intentRequests } from "@cartwright/messaging/intent-requests";
import { intentWorker } from "@cartwright/messaging/intent-worker";
import { shardLeases } from "@cartwright/messaging/leases";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import type { PollWorker } from "@cartwright/messaging/poll-worker";
import { openService } from "@cartwright/messaging/postgres/open-service";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import { timerWorker } from "@cartwright/messaging/timer-worker";
import type { Publish } from "@cartwright/messaging/transport";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import { logCheck, waitingCheck } from "@cartwright/service-kit/health-checks";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import { sideBySide } from "@cartwright/service-kit/side-by-side";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { billingApp } from "./app.ts";
import { booksProjection } from "./books/books-projection.ts";
import { conditionGauges, conditionsCheck } from "./books/condition-gauges.ts";
import { postgresBooks } from "./books/postgres-books.ts";
import type { BillingConfig } from "./config.ts";
import { billingWebSockets } from "./node/web-socket.ts";
import { paymentCommands } from "./payments/payment-commands.ts";
import { paymentModel } from "./payments/payment-model.ts";
import { paymentTimerHandlers, paymentTimers } from "./payments/payment-timers.ts";
import { payments } from "./payments/payments.ts";
import { billingMigrations } from "./postgres/billing-migrations.ts";
import { openProvider, type Wire } from "./provider/open-provider.ts";
import { providerCalls } from "./provider/provider-calls.ts";
import { providerCallOf } from "./provider/provider-requests.ts";
import { serviceName } from "./reactions/billing-reaction.ts";
import { followCart } from "./reactions/follow-cart.ts";
import { simulatorMigrations } from "./simulator/postgres/simulator-migrations.ts";
import { hearProvider } from "./webhooks/hear-provider.ts";
import { postgresHeardEvents } from "./webhooks/postgres-heard-events.ts";

export type StartBillingOptions = {
  readonly config: BillingConfig;
  /** Where PostgreSQL is; the user owns the schema `billing`. */
  readonly postgres: postgres.Options<Record<string, never>>;
  /** The logs that are followed, each as soon as it is there. */
  readonly feeds: { readonly cart: Promise<LogFeed> };
  /** Whether other processes share the work. */
  readonly shared: boolean;
  /** How the log becomes known to other processes; absent where they read it themselves. */
  readonly publish?: Publish;
  /** `in-process` where no other process appends to the log. */
  readonly wakeUps?: "notify" | "in-process";
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly metrics?: Metrics;
  readonly health?: Health;
  /** Held by a test. */
  readonly clock?: Clock;
  /** Broken by a test. */
  readonly wire?: Wire;
};

export type RunningBilling = AsyncDisposable &
  Pick<ServedApp, "url" | "port"> & {
    /** The service's log and its tailer, for whoever follows it in the same process. */
    readonly log: PostgresEventLog;
    readonly tailer: Tailer;
  };

const schema = "billing";

/** Between two tries of one call, so that a checkout which waits for the provider is not still waiting when its deadline has come. */
const LONGEST_PAUSE_MS = 30_000;

type Stored = { readonly sql: postgres.Sql; readonly schema: string; readonly logger: Logger; readonly metrics: Metrics };

/** What payments ask of the provider, as intents. */
const callRequests = (deps: Stored & { feed: LogFeed; worker: PollWorker; now: () => Date }) =>
  intentRequests({
    ...deps,
    ...{ group: "billing.provider-calls", service: serviceName },
    decode: billingEvents.decode,
    requestOf: providerCallOf,
    around: tracedEvents("billing.provider-calls"),
  });

/** When payments have to be looked at again, as timers. */
const timerSchedules = ({ sql, schema, logger, metrics, feed, config }: Stored & { feed: LogFeed; config: BillingConfig }) =>
  consumer<BillingEvent, TableTools, void>({
    group: "billing.timers",
    log: feed.log,
    source: feed.source(shardLeases({ sql, schema, logger })),
    sink: tableSink({ sql, schema }),
    decode: billingEvents.decode,
    handlers: paymentTimers({
      schema,
      expiryMarginMs: config.AUTHORIZATION_MARGIN,
      captureRetryMs: config.CAPTURE_RETRY_DELAY,
      refundRetryMs: config.REFUND_RETRY_DELAY,
      checkMs: config.PAYMENT_CHECK_DELAY,
    }),
    around: tracedEvents("billing.timers"),
    logger,
    metrics,
  });

/** Starts the service on PostgreSQL and answers when it listens. */
export const startBilling = async (options: StartBillingOptions): Promise<RunningBilling> => {
  const { config, feeds, shared, logger, metrics = noMetrics, health = processHealth(), clock = systemClock } = options;
  const now = clock.now;
  const onError = (err: unknown) => logger.warn({ err }, "in the background");
  await using started = new AsyncDisposableStack();

  const { postgres: connection, publish, wakeUps } = options;
  const migrations = [simulatorMigrations, billingMigrations];
  const standing = { connection, schema, migrations, maxConnections: config.BILLING_POOL_SIZE };
  const { log, tailer, sql } = started.use(await openService({ ...standing, wakeUps, publish, onError }));
  const handler = commandHandler({ log, model: paymentModel });
  const stored = { sql, schema, logger, metrics };
  const feed = logFeed({ log, tailer, shared });

  let server: ServedApp | undefined;
  const publicUrl = () => config.BILLING_PUBLIC_URL || `http://localhost:${server?.port ?? config.BILLING_PORT}`;
  const { provider, readWebhook, simulator } = openProvider({
    ...{ config, sql, schema, publicUrl, now, logger, wire: options.wire },
    send: (request) => app.fetch(request),
  });
  const rules = { maxRefundAttempts: config.REFUND_ATTEMPTS };
  const hear = hearProvider({ read: readWebhook, heard: postgresHeardEvents(sql, schema), handler, log, now, ...rules });
  const services = {
    payments: payments({ handler, log }),
    commands: paymentCommands({ handler, now }),
    books: postgresBooks({ sql, schema, log, clock }),
    log,
    parking: postgresParking(sql, schema),
  };
  // Its books are open until it has answered.
  if (simulator) started.defer(simulator.idle);
  const deps = { services, hear, page: simulator?.page, verifier: options.verifier, health, logger, metrics };
  const app = billingApp(deps);

  const running = started.use(sideBySide());
  const kinds = providerCalls(provider, { handler, now, maxCaptureAttempts: config.CAPTURE_ATTEMPTS, ...rules });
  const calls = { kinds, leaseMs: config.INTENT_LEASE, maxBackoffMs: LONGEST_PAUSE_MS, admits: provider.admits };
  const worker = running.use(intentWorker({ ...stored, clock, epoch: log.epoch, ...calls }));
  worker.start();
  if (simulator) running.use(simulator.delivery).start();
  await running.use(callRequests({ ...stored, feed, worker, now })).start();
  await running.use(booksProjection({ ...stored, feed, handler })).start();
  started.use(conditionGauges({ books: services.books, metrics, logger, clock }));
  const timers = running.use(timerWorker({ ...stored, clock, handlers: paymentTimerHandlers({ handler, now }) }));
  timers.start();
  await running.use(timerSchedules({ ...stored, feed, config })).start();
  const following = followCart({ ...stored, handler, now, isCaptureManual: config.CAPTURE === "manual" });
  const cart = running.use(follower({ name: "cart", feed: feeds.cart, open: following, logger }));

  health.register("billing log", logCheck(log));
  health.register("billing payments", conditionsCheck(services.books));
  health.register("billing follows cart", waitingCheck(cart));
  const listening = { port: config.BILLING_PORT, hostname: config.HOST, variable: "BILLING_PORT" };
  server = started.use(serve({ app, webSockets: billingWebSockets(deps), ...listening }));
  const held = started.move();
  return { url: server.url, port: server.port, log, tailer, [Symbol.asyncDispose]: () => held.disposeAsync() };
};
