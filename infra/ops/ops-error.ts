/** What keeps an operator's command from its work, in one line for people. */
export class OpsError extends Error {
  override readonly name = "OpsError";
  readonly retryable = false;
}
