import * as z from "zod";
import { durationMs, flag, integer, list } from "./config-fields.ts";

/** What a process that meets others on Kafka reads of its environment. Without brokers the logs themselves are read. */
export const kafkaConfig = z.object({
  KAFKA_BOOTSTRAP_SERVERS: list().describe(
    "Brokers to begin with, as `host:port`, separated by commas. Absent: services read each other's logs themselves.",
  ),
  KAFKA_GROUP_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "must be letters, digits, dots, dashes and underscores")
    .prefault("cartwright")
    .describe("What the names of all consumer groups begin with; each consumer has one of its own."),
  KAFKA_SSL: flag(false).describe("Whether the brokers are spoken to over TLS."),
  KAFKA_SASL_MECHANISM: z
    .enum(["plain", "scram-sha-256", "scram-sha-512"])
    .prefault("plain")
    .describe("How the user is proven, where there is one."),
  KAFKA_SASL_USERNAME: z.string().min(1).optional().describe("The user at the brokers. Absent: none is asked for."),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional().describe("The user's password."),
  KAFKA_TOPIC_PARTITIONS: integer({ standard: 4, min: 1, max: 16 }).describe("Partitions of a topic that the service makes."),
  KAFKA_TOPIC_REPLICAS: integer({ standard: 1, min: 1, max: 9 }).describe("Copies of each partition of such a topic."),
  KAFKA_TOPIC_RETENTION: durationMs("7d").describe("For how long its messages are kept. Older events are in the log for ever."),
});
export type KafkaConfig = z.output<typeof kafkaConfig>;

/** The same in the form in which a transport takes it. */
export const kafkaSettings = (config: KafkaConfig) => ({
  brokers: config.KAFKA_BOOTSTRAP_SERVERS,
  groupId: config.KAFKA_GROUP_ID,
  ssl: config.KAFKA_SSL,
  ...(config.KAFKA_SASL_USERNAME !== undefined && {
    sasl: {
      mechanism: config.KAFKA_SASL_MECHANISM,
      username: config.KAFKA_SASL_USERNAME,
      password: config.KAFKA_SASL_PASSWORD ?? "",
    },
  }),
  topic: {
    partitions: config.KAFKA_TOPIC_PARTITIONS,
    replicationFactor: config.KAFKA_TOPIC_REPLICAS,
    retentionMs: config.KAFKA_TOPIC_RETENTION,
  },
});
