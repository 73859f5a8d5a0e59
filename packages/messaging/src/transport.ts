import type { LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { SASLOptions } from "kafkajs";
import type postgres from "postgres";
import type { TopicLayout } from "./kafka/event-topic.ts";
import { kafkaClient } from "./kafka/kafka-client.ts";
import { kafkaSource } from "./kafka/kafka-source.ts";
import { relay } from "./kafka/relay.ts";
import { shardLeases } from "./leases.ts";
import { type LogFeed, logFeed } from "./log-feed.ts";
import type { Logger, Metrics } from "./observability.ts";
import { postgresProgress } from "./postgres/postgres-progress.ts";

/** How the services of several processes meet. */
export type Transport = {
  /** Another service's log, for those who react to it. */
  feed(log: LogReader): LogFeed;
  /** Makes the service's own log known to the others, until it is disposed. */
  publish: Publish;
};

export type Publish = (own: OwnLog) => Promise<AsyncDisposable>;

/** A service's own log, and where its tables are. */
export type OwnLog = { readonly log: LogReader; readonly tailer: Tailer; readonly sql: postgres.Sql; readonly schema: string };

export type TransportOptions = {
  /** `host:port` of some Kafka brokers; none where the logs themselves are read. */
  readonly brokers: readonly string[];
  readonly ssl?: boolean;
  readonly sasl?: { readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512"; readonly username: string; readonly password: string };
  /** What the names of all consumer groups begin with. */
  readonly groupId: string;
  /** Of topics that are made here. */
  readonly topic?: TopicLayout;
  /** The service of this process. */
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
};

/** Kafka where there are brokers, else each other's logs. Nothing waits for the brokers: while they are away the logs are read. */
export const transport = (options: TransportOptions): Transport => (options.brokers.length > 0 ? overKafka(options) : overLogs());

const overLogs = (): Transport => ({
  feed: (log) => logFeed({ log, shared: true }),
  publish: async () => ({ async [Symbol.asyncDispose]() {} }),
});

const overKafka = ({ brokers, ssl = false, sasl, groupId, topic = {}, service, logger, metrics }: TransportOptions): Transport => {
  const name = `${groupId}.${service}`;
  // kafkajs wants to know of each mechanism by itself.
  const security = { ssl, ...(sasl && { sasl: sasl as SASLOptions }) };
  const kafka = kafkaClient({ brokers, clientId: name, logger, ...security });
  return {
    // The brokers share the shards among the processes of a group.
    feed: (log) => ({ log, source: () => kafkaSource({ kafka, log, groupPrefix: name, logger, metrics }) }),
    async publish({ log, tailer, sql, schema }) {
      const stored = { progress: postgresProgress({ sql, schema }), leases: shardLeases({ sql, schema, logger }) };
      const publishing = relay({ log, tailer, ...stored, kafka, topic, logger, metrics });
      await publishing.start();
      return publishing;
    },
  };
};
