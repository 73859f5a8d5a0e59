import { billingEvents } from "@cartwright/contracts/billing-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { follower } from "@cartwright/messaging/follower";
import { intentRequests } from "@cartwright/messaging/intent-requests";
import { intentWorker } from "@cartwright/messaging/intent-worker";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import { openService } from "@cartwright/messaging/postgres/open-service";
import type { Publish } from "@cartwright/messaging/transport";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import { logCheck, waitingCheck } from "@cartwright/service-kit/health-checks";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type postgres from "postgres";
import { billingApp } from "./app.ts";
import type { BillingConfig } from "./config.ts";
import { billingWebSockets } from "./node/web-socket.ts";
import { paymentModel } from "./payments/payment-model.ts";
import { payments } from "./payments/payments.ts";
import { providerCallOf, providerCalls } from "./provider/provider-calls.ts";
import { stripeProvider } from "./provider/stripe-provider.ts";
import { serviceName } from "./reactions/billing-reaction.ts";
import { followCart } from "./reactions/follow-cart.ts";
import { postgresLedger } from "./simulator/postgres/postgres-ledger.ts";
import { simulatorMigrations } from "./simulator/postgres/simulator-migrations.ts";
import { simulatorApp } from "./simulator/simulator-app.ts";

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
  readonly now?: () => Date;
};

export type RunningBilling = AsyncDisposable &
  Pick<ServedApp, "url" | "port"> & {
    /** The service's log and its tailer, for whoever follows it in the same process. */
    readonly log: PostgresEventLog;
    readonly tailer: Tailer;
  };

const schema = "billing";

/** Starts the service on PostgreSQL and answers when it listens. */
export const startBilling = async (options: StartBillingOptions): Promise<RunningBilling> => {
  const { config, feeds, shared, logger, metrics = noMetrics, health = processHealth(), now = () => new Date() } = options;
  const onError = (err: unknown) => logger.warn({ err }, "in the background");
  await using started = new AsyncDisposableStack();

  const { postgres: connection, publish, wakeUps } = options;
  const standing = { connection, schema, migrations: [simulatorMigrations], maxConnections: config.BILLING_POOL_SIZE };
  const { log, tailer, sql } = started.use(await openService({ ...standing, wakeUps, publish, onError }));
  const handler = commandHandler({ log, model: paymentModel });
  const stored = { sql, schema, logger, metrics };

  const simulator = simulatorApp(postgresLedger(sql, schema));
  const provider = stripeProvider({
    url: "http://simulator",
    secretKey: "sk_test_simulator",
    fetch: async (request) => simulator.fetch(request),
  });
  const worker = started.use(intentWorker({ ...stored, epoch: log.epoch, kinds: providerCalls(provider, { handler, now }) }));
  worker.start();
  const requests = intentRequests({
    ...stored,
    ...{ group: "billing.provider-calls", feed: logFeed({ log, tailer, shared }), service: serviceName, worker, now },
    decode: billingEvents.decode,
    requestOf: providerCallOf,
    traceparent: currentTraceparent,
    around: tracedEvents("billing.provider-calls"),
  });
  await started.use(requests).start();
  const cart = started.use(follower({ name: "cart", feed: feeds.cart, open: followCart({ ...stored, handler, now }), logger }));

  health.register("billing log", logCheck(log));
  health.register("billing follows cart", waitingCheck(cart));
  const deps = { services: { payments: payments(handler), log }, verifier: options.verifier, health, logger, metrics };
  const answering = { app: billingApp(deps), webSockets: billingWebSockets(deps) };
  const server = started.use(serve({ ...answering, port: config.BILLING_PORT, hostname: config.HOST, variable: "BILLING_PORT" }));
  const held = started.move();
  return { url: server.url, port: server.port, log, tailer, [Symbol.asyncDispose]: () => held.disposeAsync() };
};
