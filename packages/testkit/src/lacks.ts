import { serversAreRequired, testKafkaServers, testRedis } from "./config.ts";
import { hasProgram } from "./has-program.ts";
import { kafkaJarsCanBeHad } from "./kafka-jars.ts";
import { packagedPostgresFolder } from "./packaged-postgres.ts";
import { stripeMockCanBeHad } from "./stripe-mock-program.ts";

/** `own`: one that the test starts, and so may kill or wipe; an existing one is no help. */
export type NeededServer = "kafka" | "redis" | "own kafka" | "own redis" | "pg_dump" | "stripe-mock";

/**
 * For `test.skipIf(lacks("kafka"))`: whether the test is to be skipped, by its name and counted, because the server is
 * neither there nor can be started. Under `REQUIRE_SERVERS=1` nothing is: the test runs, and fails with what is missing.
 */
export const lacks = (...needed: readonly NeededServer[]): boolean =>
  !serversAreRequired() && !needed.every((server) => canBeHad[server]());

const canStartKafka = () => hasProgram("java") && kafkaJarsCanBeHad();
const canStartRedis = () => hasProgram("redis-server");

const canBeHad: Record<NeededServer, () => boolean> = {
  kafka: () => testKafkaServers() !== undefined || canStartKafka(),
  redis: () => testRedis() !== undefined || canStartRedis(),
  "own kafka": canStartKafka,
  "own redis": canStartRedis,
  pg_dump: () => packagedPostgresFolder() !== undefined,
  "stripe-mock": stripeMockCanBeHad,
};
