import { isConnectionError } from "@cartwright/event-log/postgres/is-connection-error";

/** States of the database that another try may find gone, beside lost connections. */
const passingStates = new Set([
  "25006", // read-only: this server is a replica now
  "42501", // privilege not granted, and below: a table or column not there yet: the deployment is at fault, not the event
  "42P01",
  "42703",
  "3F000",
]);

/** What `fetch` and sockets say when nobody answers. */
const awayCodes = new Set([
  "ConnectionRefused",
  "ConnectionClosed",
  "FailedToOpenSocket",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EMFILE",
  "ENOSPC",
]);

/**
 * True where something that the handler depends on is away, so that the same call may succeed later; false where the event
 * itself is at fault. An error's own `retryable` decides; otherwise its code, its name, and what caused it.
 */
export const isRetryable = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if ("retryable" in error && typeof error.retryable === "boolean") return error.retryable;
  if (isConnectionError(error) || error.name === "TimeoutError") return true;
  if ("code" in error && isAwayCode(String(error.code))) return true;
  return error.cause !== undefined && isRetryable(error.cause);
};

// 53: out of resources; 58: the server's own system fails.
const isAwayCode = (code: string) => awayCodes.has(code) || passingStates.has(code) || /^5[38]...$/.test(code);
