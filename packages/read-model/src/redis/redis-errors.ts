/** Redis could not be reached, was not ready, or its answer was lost: what was asked may or may not have happened. */
export class RedisUnavailable extends Error {
  override readonly name = "RedisUnavailable";
  readonly retryable = true;
}

/** Redis understood the command and refused it: a bug. */
export class RedisRefused extends Error {
  override readonly name = "RedisRefused";
  readonly retryable = false;
}

/** Redis is set up so that it would lose what is kept in it. */
export class RedisMisconfigured extends Error {
  override readonly name = "RedisMisconfigured";
  readonly retryable = false;
}

/** What a call of the client threw, as one of the errors above: by what the server said, or by its silence. */
export const redisError = (cause: unknown): RedisUnavailable | RedisRefused => {
  if (cause instanceof RedisUnavailable || cause instanceof RedisRefused) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  // The client's own error is for what the server answered; what breaks on the way has other names.
  const reply = cause instanceof Error && cause.name === "UpstashError" ? message.replace(/^Command failed: /, "") : "";
  return refusals.test(reply) ? new RedisRefused(message, { cause }) : new RedisUnavailable(message, { cause });
};

/**
 * What would be refused again. Not among them: a server that starts, is a replica now, is full or at work; and accounts without
 * the right, where the deployment is at fault.
 */
const refusals = /^(ERR|WRONGTYPE|EXECABORT|CROSSSLOT|NOSCRIPT)\b/;
