/** The embedded PostgreSQL cannot run here, or not with this data. The message is one line that says what to do. */
export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly retryable = false;
}
