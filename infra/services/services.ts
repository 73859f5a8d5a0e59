import { silentLogger } from "@cartwright/service-kit/logger";
import { startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import { freePort } from "@cartwright/testkit/free-port";
import { startKafka } from "@cartwright/testkit/kafka";
import { startMailCatcher } from "@cartwright/testkit/mail-catcher";
import { startRedis } from "@cartwright/testkit/redis";
import type { Service } from "./service.ts";

/** The servers of a machine that has no Docker, by name: the same that tests start, on data that are kept. */
export const services = {
  kafka: {
    variable: "KAFKA_BOOTSTRAP_SERVERS",
    defaultPort: 9092,
    async start(options) {
      const kafka = await startKafka({ ...options, longLived: true });
      const isRunning = () => kafka.brokers.every(({ pid }) => pid !== undefined);
      return { value: kafka.bootstrapServers.join(","), isRunning, [Symbol.asyncDispose]: kafka.stop };
    },
  },
  postgres: {
    variable: "POSTGRES_CONNECTION_STRING",
    defaultPort: 5432,
    async start({ dataDir, port }) {
      const postgres = await startEmbeddedPostgres({ dataDir, tcpPort: port, logger: silentLogger });
      let running = true;
      void postgres.exited.then(() => {
        running = false;
      });
      const { user, password, database } = postgres.connection;
      const value = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
      return { value, isRunning: () => running, [Symbol.asyncDispose]: postgres.stop };
    },
  },
  redis: {
    variable: "REDIS_CONNECTION_STRING",
    defaultPort: 6379,
    async start(options) {
      const redis = await startRedis({ ...options, persistence: "everySecond" });
      const value = `127.0.0.1:${redis.port}`;
      return { value, isRunning: () => redis.pid !== undefined, [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() };
    },
  },
  mail: {
    variable: "SMTP_URL",
    defaultPort: 1025,
    async start({ port }) {
      const mail = await startMailCatcher({ port, httpPort: await freePort(8025) });
      return {
        value: mail.smtpUrl,
        note: `mails at ${mail.url}`,
        isRunning: () => true,
        [Symbol.asyncDispose]: () => mail[Symbol.asyncDispose](),
      };
    },
  },
} satisfies Record<string, Service>;

export type ServiceName = keyof typeof services;
export const serviceNames: readonly ServiceName[] = ["kafka", "postgres", "redis", "mail"];
