/** The log could not be reached, or its answer was lost. The same call under the same keys may be made again. */
export class LogUnavailable extends Error {
  override readonly name = "LogUnavailable";
  readonly retryable = true;
}

/** What was to be appended can't be stored as it is; nothing was written. */
export class AppendRejected extends Error {
  override readonly name = "AppendRejected";
  readonly retryable = false;
}

/** The log was created with another number of shards than this process is configured for. */
export class ShardCountMismatch extends Error {
  override readonly name = "ShardCountMismatch";
  readonly retryable = false;
}

/** Other writers kept winning until the command's deadline. */
export class StreamContended extends Error {
  override readonly name = "StreamContended";
  readonly retryable = true;
}

/** More commands are waiting than the log will hold; they were not tried. */
export class LogOverloaded extends Error {
  override readonly name = "LogOverloaded";
  readonly retryable = true;
}
