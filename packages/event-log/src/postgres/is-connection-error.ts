/** Codes under which a statement may or may not have happened, or surely did not: the same call may be made again. */
const retryableCodes = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECT_TIMEOUT",
  "CONNECTION_CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "ENOTFOUND",
  "25P03", // idle in a transaction for too long
  "25P04", // a transaction that took too long
  "40001", // serialization failure
  "40P01", // deadlock
  "53300", // too many connections
  "55P03", // lock not available
  "57014", // statement timeout
  "57P01", // shutdown
  "57P02", // crash
  "57P03", // starting up
]);

/** True where the database is away or asks for another try, false where the statement itself is at fault. */
export const isConnectionError = (error: unknown): boolean => {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const code = String(error.code);
  return retryableCodes.has(code) || code.startsWith("08");
};
