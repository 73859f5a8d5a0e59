/** A server cannot be started or stopped; its message says in a line what to do. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly retryable = false;
}
