import { Kafka, type KafkaConfig, logLevel } from "kafkajs";
import { type Logger, silentLogger } from "../observability.ts";
import { kafkaLogCreator } from "./kafka-logger.ts";

export type KafkaClientOptions = Pick<KafkaConfig, "ssl" | "sasl"> & {
  /** `host:port` of some brokers; the others are learnt from them. */
  brokers: readonly string[];
  /** Names this process to the brokers. */
  clientId: string;
  logger?: Logger;
};

/**
 * The driver as this package needs it: what it logs goes through `logger`, and no call waits for long. Whoever needs more
 * patience calls again. Connects to nothing by itself.
 */
export const kafkaClient = ({ brokers, clientId, logger = silentLogger, ...security }: KafkaClientOptions): Kafka =>
  new Kafka({
    ...security,
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: kafkaLogCreator(logger),
  });
