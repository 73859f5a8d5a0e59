import { testKafkaServers } from "./config.ts";
import { startKafka } from "./kafka.ts";

/**
 * A Kafka for tests that do no harm: they make topics and groups under names of their own, and neither kill nor wipe.
 * It is the one at `TEST_KAFKA_BOOTSTRAP_SERVERS` where that is set, else one broker that is started once.
 *
 * @throws {ServerUnavailable} when there is none, and none can be started.
 */
export const sharedKafka = async (): Promise<{ readonly bootstrapServers: readonly string[] }> => {
  const existing = testKafkaServers();
  if (existing) return { bootstrapServers: existing };
  started ??= startKafka().then(({ bootstrapServers }) => bootstrapServers);
  return { bootstrapServers: await started };
};

let started: Promise<readonly string[]> | undefined;
