import { testKafkaServers } from "./config.ts";
import { startKafka } from "./kafka.ts";
import { sharedServer } from "./shared-server.ts";

/** A Kafka that others use too. It has no handle to kill or wipe it, on purpose: that takes `startKafka`. */
export type SharedKafka = { readonly bootstrapServers: readonly string[] };

/**
 * A Kafka for tests that do no harm: they make topics and groups under names of their own. It is the one at
 * `TEST_KAFKA_BOOTSTRAP_SERVERS` where that is set, else one broker that is started once for the whole run.
 *
 * @throws {ServerUnavailable} when there is none, and none can be started.
 */
export const sharedKafka = async (): Promise<SharedKafka> => {
  const bootstrapServers = testKafkaServers() ?? (await sharedServer("kafka", startSharedKafka)).split(",");
  return { bootstrapServers };
};

/** Starts the one that is shared, and answers its address. */
export const startSharedKafka = async (): Promise<string> => (await startKafka()).bootstrapServers.join(",");
