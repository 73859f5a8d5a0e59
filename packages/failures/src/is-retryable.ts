/**
 * True of a failure that passes by itself, so that the same call may succeed later: something is away, or asks for another try. An
 * infrastructure error says so itself (`retryable`); otherwise it is known by its code, or by what is behind it. Where several
 * things failed together, by all of them.
 *
 * @param also Codes that pass for this caller besides.
 */
export const isRetryable = (failure: unknown, also: ReadonlySet<string> = none): boolean => {
  const error = firstFailure(failure);
  if (!(error instanceof Error)) return false;
  if ("retryable" in error && typeof error.retryable === "boolean") return error.retryable;
  if (error.name === "TimeoutError" || ("code" in error && passes(error, also))) return true;
  const behind: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return behind.length > 0 && behind.every((each) => isRetryable(each, also));
};

/** Where giving things back failed after something else had, that: the rest is its wake. */
export const firstFailure = (failure: unknown): unknown =>
  // By its name, since not every runtime has the class.
  failure instanceof Error && failure.name === "SuppressedError" && "suppressed" in failure ? firstFailure(failure.suppressed) : failure;

const none: ReadonlySet<string> = new Set();

const passes = (error: Error & { code: unknown }, also: ReadonlySet<string>): boolean => {
  const code = String(error.code);
  // A socket that nobody has made yet; a file that is not there is somebody's mistake.
  if (code === "ENOENT" || code === "EADDRNOTAVAIL") return "syscall" in error && error.syscall === "connect";
  return awayCodes.has(code) || PASSING_STATE.test(code) || also.has(code);
};

/** Of a statement or a request under these it is not known whether it happened, or known that it did not. */
const awayCodes: ReadonlySet<string> = new Set([
  // postgres.js
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "CONNECTION_CONNECT_TIMEOUT",
  // sockets
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
  // names
  "EAI_AGAIN",
  "ENOTFOUND",
  "ESERVFAIL",
  "ETIMEOUT",
  // fetch
  "ConnectionClosed",
  "ConnectionRefused",
  "FailedToOpenSocket",
  // this machine
  "EMFILE",
  "ENFILE",
  "ENOSPC",
]);

/**
 * Of PostgreSQL: lost connections (08), a server that is a replica now (25006), a transaction that stood still or took too long, a
 * serialization failure, a deadlock, out of resources (53), a lock that is not to be had, a statement that took too long or a server
 * that stops or starts (57), a failure of its system (58).
 */
const PASSING_STATE = /^(?:08...|25006|25P0[34]|40001|40P01|53...|55P03|57014|57P..|58...)$/;
