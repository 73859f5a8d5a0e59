import { notificationEvents } from "@cartwright/contracts/notification-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import type { PostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import { follower } from "@cartwright/messaging/follower";
import { intentRequests } from "@cartwright/messaging/intent-requests";
import { intentWorker } from "@cartwright/messaging/intent-worker";
import { type LogFeed, logFeed } from "@cartwright/messaging/log-feed";
import { openService } from "@cartwright/messaging/postgres/open-service";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { Publish } from "@cartwright/messaging/transport";
import { type Health, processHealth } from "@cartwright/service-kit/health";
import { logCheck, waitingCheck } from "@cartwright/service-kit/health-checks";
import type { Logger } from "@cartwright/service-kit/logger";
import { type Metrics, noMetrics } from "@cartwright/service-kit/metrics";
import { type ServedApp, serve } from "@cartwright/service-kit/node/serve";
import type { OpenSealed } from "@cartwright/service-kit/open-remotely";
import { openedMemory } from "@cartwright/service-kit/opened-memory";
import { sideBySide } from "@cartwright/service-kit/side-by-side";
import type { TokenVerifier } from "@cartwright/service-kit/token-verifier";
import { tracedEvents } from "@cartwright/service-kit/traced-events";
import type postgres from "postgres";
import { notificationApp } from "./app.ts";
import type { NotificationConfig } from "./config.ts";
import { openMailer } from "./mail/open-mailer.ts";
import { mailboxMigrations } from "./mail/postgres/mailbox-migrations.ts";
import { postgresMailbox } from "./mail/postgres/postgres-mailbox.ts";
import { mailAskedBy, sendMail } from "./mail/send-mail.ts";
import { shownMails } from "./mail/shown-mails.ts";
import { notificationWebSockets } from "./node/web-socket.ts";
import { exportedNotifications } from "./notifications/exported-notifications.ts";
import { notificationModel } from "./notifications/notification.ts";
import { followCart } from "./reactions/follow-cart.ts";

export type StartNotificationOptions = {
  readonly config: NotificationConfig;
  /** Where PostgreSQL is; the user owns the schema `notification`. */
  readonly postgres: postgres.Options<Record<string, never>>;
  /** The logs that are followed, each as soon as it is there. */
  readonly feeds: { readonly cart: Promise<LogFeed> };
  /** Opens what the cart service has sealed. */
  readonly open: OpenSealed;
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

export type RunningNotification = AsyncDisposable &
  Pick<ServedApp, "url" | "port"> & {
    /** The service's log and its tailer, for whoever follows it in the same process. */
    readonly log: PostgresEventLog;
    readonly tailer: Tailer;
  };

const schema = "notification";

/** Starts the service on PostgreSQL and answers when it listens. */
export const startNotification = async (options: StartNotificationOptions): Promise<RunningNotification> => {
  const { config, feeds, open, shared, logger, metrics = noMetrics, health = processHealth(), now = () => new Date() } = options;
  const onError = (err: unknown) => logger.warn({ err }, "in the background");
  await using started = new AsyncDisposableStack();

  const { postgres: connection, publish, wakeUps } = options;
  const standing = { connection, schema, migrations: [mailboxMigrations], maxConnections: config.NOTIFICATION_POOL_SIZE };
  const { log, tailer, sql } = started.use(await openService({ ...standing, wakeUps, publish, onError }));
  const handler = commandHandler({ log, model: notificationModel });
  const mailbox = postgresMailbox(sql, schema);
  const stored = { sql, schema, logger, metrics };

  const running = started.use(sideBySide());
  const kinds = { mail: sendMail({ mailer: openMailer({ config, mailbox, logger }), mailbox, open, handler, now }) };
  const worker = running.use(intentWorker({ ...stored, epoch: log.epoch, kinds, leaseMs: config.INTENT_LEASE }));
  worker.start();
  const requests = intentRequests({
    ...stored,
    ...{ group: "notification.mails", feed: logFeed({ log, tailer, shared }), service: schema, worker, now },
    decode: notificationEvents.decode,
    requestOf: mailAskedBy,
    around: tracedEvents("notification.mails"),
  });
  await running.use(requests).start();
  const memory = openedMemory(open);
  const following = followCart({ ...stored, handler, memory, now });
  const cart = running.use(follower({ name: "cart", feed: feeds.cart, open: following, logger }));

  health.register("notification log", logCheck(log));
  health.register("notification follows cart", waitingCheck(cart));
  const shown = { mailbox: shownMails({ mailbox, open: memory.open }), exported: exportedNotifications({ log, mailbox }) };
  const services = { ...shown, log, parking: postgresParking(sql, schema) };
  const deps = { services, verifier: options.verifier, health, logger, metrics };
  const answering = { app: notificationApp(deps), webSockets: notificationWebSockets(deps) };
  const server = started.use(serve({ ...answering, port: config.NOTIFICATION_PORT, hostname: config.HOST, variable: "NOTIFICATION_PORT" }));
  const held = started.move();
  return { url: server.url, port: server.port, log, tailer, [Symbol.asyncDispose]: () => held.disposeAsync() };
};
