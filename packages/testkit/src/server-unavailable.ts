/** A server that a test needs can't be had here: neither is an existing one named, nor can one be started. */
export class ServerUnavailable extends Error {
  override readonly name = "ServerUnavailable";
  readonly retryable = false;
}
