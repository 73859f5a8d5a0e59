import { backoffMs } from "./backoff.ts";
import { type ConsumerContext, reasonOf } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import { isRetryable } from "./is-retryable.ts";
import { reload } from "./load-runs.ts";
import type { QueuedEvent } from "./parking.ts";
import { newParkedRun, type ParkedRun, type ShardRun } from "./shard-run.ts";
import type { DrainStep, Stop } from "./sink.ts";

const roundsPerTurn = 10;
const waitMs = 250;

/**
 * Drains the queues that an operator has asked for, while the shard is held: nothing of the stream can flow beside it, and
 * it flows again only when its queue is empty.
 */
export const drainParked = async <Tools, Effect>(run: ShardRun, context: ConsumerContext<Tools, Effect>): Promise<void> => {
  const { clock, sink, of } = context;
  for (const [streamId, parked] of [...run.parked]) {
    for (let round = 0; round < roundsPerTurn && parked.state === "retrying" && parked.notBefore <= clock.now().getTime(); round++) {
      const queued = await sink.progress.parking.next({ ...of, streamId }, parked.limit);
      if (queued.length > 0) {
        const isHeld = await drainOnce(run, { step: { shard: run.shard, streamId, work: queued.map(workOf(context)) }, parked }, context);
        if (!isHeld) return;
      } else if (await sink.progress.parking.release({ ...of, streamId })) {
        run.parked.delete(streamId);
        context.logger.info({ ...of, shard: run.shard, streamId }, "a parked stream flows again");
        context.metrics.parkedStreams.set(labelsOf(of, run.shard), run.parked.size);
        break;
      }
    }
  }
};

const workOf =
  <Tools, Effect>({ findRunner }: ConsumerContext<Tools, Effect>) =>
  ({ event, epoch }: QueuedEvent): DrainStep<Tools, Effect>["work"][number] => {
    const runner = findRunner(event.type);
    return runner === undefined || runner === "ignore" ? { kind: "skip", event } : { kind: "handle", event, epoch, runner };
  };

/** @returns false when another process has the queue. */
const drainOnce = async <Tools, Effect>(
  run: ShardRun,
  { step, parked }: { step: DrainStep<Tools, Effect>; parked: ParkedRun },
  context: ConsumerContext<Tools, Effect>,
): Promise<boolean> => {
  const { of, sink, metrics } = context;
  try {
    const outcome = await sink.drain(of, step);
    if (outcome.outcome === "fenced") {
      metrics.fenced.add(labelsOf(of, run.shard), 1);
      await reload(run, context);
      return false;
    }
    if (outcome.done > 0) {
      metrics.handled.add(labelsOf(of, run.shard), outcome.done);
      Object.assign(parked, newParkedRun("retrying"));
    }
    if (outcome.stop) await holdBack({ step, parked, stop: outcome.stop, done: outcome.done }, context);
  } catch (error) {
    if (isRetryable(error) || step.work.length === 1)
      await holdBack({ step, parked, stop: { at: 0, kind: "error", error }, done: 0 }, context);
    else parked.limit = Math.ceil(step.work.length / 2);
  }
  return true;
};

type Held<Tools, Effect> = { step: DrainStep<Tools, Effect>; parked: ParkedRun; stop: Stop; done: number };

const holdBack = async <Tools, Effect>(
  { step, parked, stop, done }: Held<Tools, Effect>,
  { of, clock, limits, logger, metrics, random, sink }: ConsumerContext<Tools, Effect>,
): Promise<void> => {
  const before = stop.at - done;
  parked.limit = Math.max(1, before);
  if (before > 0) return;
  if (stop.kind === "notYet") {
    parked.notBefore = clock.now().getTime() + waitMs;
  } else if (isRetryable(stop.error)) {
    parked.failures += 1;
    parked.notBefore = clock.now().getTime() + backoffMs(parked.failures, { maxMs: limits.maxBackoffMs, random });
  } else {
    parked.attempts += 1;
    metrics.faults.add(labelsOf(of, step.shard), 1);
    if (parked.attempts < limits.attempts) return;
    const fault = { reason: reasonOf(stop.error), attempts: parked.attempts };
    await sink.progress.parking.failed({ ...of, streamId: step.streamId }, fault);
    Object.assign(parked, newParkedRun("parked"));
    logger.error({ ...of, shard: step.shard, streamId: step.streamId, ...fault }, "a parked stream failed again");
  }
};
