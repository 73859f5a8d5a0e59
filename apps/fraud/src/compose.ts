import { commandHandler } from "@cartwright/event-log/command-handler";
import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { follower } from "@cartwright/messaging/follower";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { openService } from "@cartwright/messaging/postgres/open-service";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Publish } from "@cartwright/messaging/transport";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import { logCheck, waitingCheck } from "@cartwright/service-kit/health-checks";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import type postgres from "postgres";
import { fraudApp } from "./app.ts";
import { assessmentModel } from "./assessments/assessment.ts";
import { assessments } from "./assessments/assessments.ts";
import type { FraudConfig } from "./config.ts";
import { fraudWebSockets } from "./node/web-socket.ts";
import { followBilling } from "./reactions/follow-billing.ts";
import { ruleSet } from "./rules/rule-set.ts";

export type StartFraudOptions = {
  readonly config: FraudConfig;
  /** Where PostgreSQL is; the user owns the schema `fraud`. */
  readonly postgres: postgres.Options<Record<string, never>>;
  /** The logs that are followed, each as soon as it is there. */
  readonly feeds: { readonly billing: Promise<LogFeed> };
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

export type RunningFraud = AsyncDisposable &
  Pick<ServedApp, "url" | "port"> & {
    /** The service's log and its tailer, for whoever follows it in the same process. */
    readonly log: PostgresEventLog;
    readonly tailer: Tailer;
  };

const schema = "fraud";

/** Starts the service on PostgreSQL and answers when it listens. */
export const startFraud = async (options: StartFraudOptions): Promise<RunningFraud> => {
  const { config, feeds, logger, metrics = noMetrics, health = processHealth(), now = () => new Date() } = options;
  const onError = (err: unknown) => logger.warn({ err }, "in the background");
  await using started = new AsyncDisposableStack();

  const { postgres: connection, publish, wakeUps } = options;
  const standing = { connection, schema, maxConnections: config.FRAUD_POOL_SIZE };
  const { log, tailer, sql } = started.use(await openService({ ...standing, wakeUps, publish, onError }));
  const handler = commandHandler({ log, model: assessmentModel });
  const rules = await ruleSet({ caps: config.FRAUD_AMOUNT_CAPS });
  const open = followBilling({ handler, rules, sql, schema, logger, metrics, now });
  const billing = started.use(follower({ name: "billing", feed: feeds.billing, open, logger }));

  health.register("fraud log", logCheck(log));
  health.register("fraud follows billing", waitingCheck(billing));
  const deps = {
    services: { assessments: assessments({ handler, log }), log, parking: postgresParking(sql, schema) },
    verifier: options.verifier,
    health,
    logger,
    metrics,
  };
  const answering = { app: fraudApp(deps), webSockets: fraudWebSockets(deps) };
  const server = started.use(serve({ ...answering, port: config.FRAUD_PORT, hostname: config.HOST, variable: "FRAUD_PORT" }));
  const held = started.move();
  return { url: server.url, port: server.port, log, tailer, [Symbol.asyncDispose]: () => held.disposeAsync() };
};
