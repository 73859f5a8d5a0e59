/** The PostgreSQL that integration tests use instead of starting one, such as CI's service; its user may create databases. */
export const testServerUrl = (): string | undefined => process.env.TEST_POSTGRES_URL || undefined;

/** The Kafka that integration tests use instead of starting one: `host:port`, several with commas between. */
export const testKafkaServers = (): readonly string[] | undefined => {
  const servers = process.env.TEST_KAFKA_BOOTSTRAP_SERVERS?.split(",").filter(Boolean) ?? [];
  return servers.length > 0 ? servers : undefined;
};

/** The Redis that integration tests use instead of starting one: `host:port[,password=…,ssl=true]`, `redis://` or `rediss://`. */
export const testRedis = (): string | undefined => process.env.TEST_REDIS_CONNECTION_STRING || undefined;

/** Where `bun run test` says which servers the files of this run share; see `infra/test-run/shared-servers.ts`. */
export const sharedServersUrl = (): string | undefined => process.env.TEST_SHARED_SERVERS_URL || undefined;

/** Whether a test without its server fails rather than is skipped. */
export const serversAreRequired = (): boolean => process.env.REQUIRE_SERVERS === "1";
