import type { ConsumerContext } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import type { StopCause } from "./consumer-status.ts";
import type { ShardRun } from "./shard-run.ts";

/** The shard stands still for this group until somebody acts, and says so. */
export const stopShard = <Tools, Effect>(
  run: ShardRun,
  stop: { cause: StopCause; reason: string },
  { of, logger, metrics }: ConsumerContext<Tools, Effect>,
): void => {
  metrics.stopped.set(labelsOf(of, run.shard), 1);
  if (run.stopped?.cause !== stop.cause)
    logger.error({ ...of, shard: run.shard, position: String(run.mark.position), ...stop }, "this shard is stopped for this group");
  run.stopped = stop;
};

export const resumeShard = <Tools, Effect>(run: ShardRun, { of, logger, metrics }: ConsumerContext<Tools, Effect>): void => {
  metrics.stopped.set(labelsOf(of, run.shard), 0);
  logger.info({ ...of, shard: run.shard, position: String(run.mark.position), ...run.stopped }, "this shard goes on");
  run.stopped = null;
};
