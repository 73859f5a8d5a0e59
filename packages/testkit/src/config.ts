/** The PostgreSQL that integration tests use instead of starting one, such as CI's service; its user may create databases. */
export const testServerUrl = (): string | undefined => process.env.TEST_POSTGRES_URL || undefined;

/** The Kafka that integration tests use instead of starting one: `host:port`, several with commas between. */
export const testKafkaServers = (): readonly string[] | undefined => process.env.TEST_KAFKA_BOOTSTRAP_SERVERS?.split(",").filter(Boolean);
