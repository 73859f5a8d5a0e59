/**
 * True of an error that says that something is away, so that the same request may succeed later. An infrastructure error
 * says so itself (`retryable`); otherwise it is known by the code of a network or a server of PostgreSQL that is away, or by
 * what caused it.
 */
export const isRetryable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ("retryable" in error && typeof error.retryable === "boolean") return error.retryable;
  if ("code" in error && AWAY.test(String(error.code))) return true;
  return isRetryable(error.cause);
};

/** postgres.js and sockets; 25P0 is a transaction that took too long, 53 is out of resources, 57P is a server that stops or starts. */
const AWAY =
  /^(?:CONNECTION_(?:CLOSED|DESTROYED|ENDED)|CONNECT_TIMEOUT|ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ConnectionRefused|ConnectionClosed|25P0[34]|53...|57P..)$/;
