/** The PostgreSQL that integration tests use instead of starting one, such as CI's service; its user may create databases. */
export const testServerUrl = (): string | undefined => process.env.TEST_POSTGRES_URL || undefined;
