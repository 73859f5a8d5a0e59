import { backoffMs } from "./backoff.ts";
import { type ConsumerContext, reasonOf } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import { isRetryable } from "./is-retryable.ts";
import { reload } from "./load-runs.ts";
import { markAfter } from "./moves.ts";
import { isStored, newParkedRun, type ShardRun } from "./shard-run.ts";
import type { ShardStep, StepOutcome, Stop } from "./sink.ts";
import { stopShard } from "./stop-shard.ts";

const firstLookMs = 20;
const quickRetryMs = 20;
const fencedPauseMs = 50;
const undonePauseMs = 5;

/** Takes in what became of a step. */
export const settleStep = async <Tools, Effect>(
  run: ShardRun,
  { step, outcome }: { step: ShardStep<Tools, Effect>; outcome: StepOutcome },
  context: ConsumerContext<Tools, Effect>,
): Promise<void> => {
  run.pending = true;
  if (outcome.outcome === "fenced") {
    context.metrics.fenced.add(labelsOf(context.of, run.shard), 1);
    await reload(run, context);
    run.notBefore = context.clock.now().getTime() + context.random() * fencedPauseMs;
    return;
  }
  // Another shard's event has taken this one's with it: not at once again, whatever the sink does.
  if (outcome.done === 0 && !outcome.stop) run.notBefore = context.clock.now().getTime() + context.random() * undonePauseMs;
  if (outcome.done > 0) {
    advance(run, { step, done: outcome.done }, context);
    isStored(run, run.mark);
  }
  if (outcome.stop) halt(run, { step, stop: outcome.stop, done: outcome.done }, context);
};

/** Nobody is concerned: the mark goes on, and is saved with the next effect or after a while, not each time. */
export const passOver = <Tools, Effect>(run: ShardRun, step: ShardStep<Tools, Effect>, context: ConsumerContext<Tools, Effect>): void => {
  run.pending = true;
  advance(run, { step, done: step.work.length }, context);
  const { saveMs } = context.limits;
  // All shards at the same moments, so that they are saved together.
  if (run.saveAt === Number.POSITIVE_INFINITY) run.saveAt = (Math.floor(context.clock.now().getTime() / saveMs) + 1) * saveMs;
};

const advance = <Tools, Effect>(
  run: ShardRun,
  { step, done }: { step: ShardStep<Tools, Effect>; done: number },
  { of, metrics, logger, findRunner }: ConsumerContext<Tools, Effect>,
): void => {
  run.mark = markAfter(step, done);
  run.attempts = 0;
  run.failures = 0;
  run.toPark = null;
  run.awaited = null;
  if (run.caution && run.mark.position >= run.caution.until) run.caution = null;

  const counts = { handle: 0, skip: 0, park: 0, unknown: 0 };
  for (const work of step.work.slice(0, done)) {
    counts[work.kind] += 1;
    if (work.kind === "skip" && findRunner(work.event.type) === undefined) counts.unknown += 1;
    if (work.kind !== "park") continue;
    const { streamId } = work.event;
    if (!run.parked.has(streamId)) run.parked.set(streamId, newParkedRun("parked"));
    if (work.fault)
      logger.error({ ...of, shard: run.shard, streamId, eventId: work.event.eventId, ...work.fault }, "a stream is parked for this group");
  }
  const labels = labelsOf(of, run.shard);
  if (counts.handle > 0) metrics.handled.add(labels, counts.handle);
  if (counts.skip > 0) metrics.skipped.add(labels, counts.skip);
  if (counts.unknown > 0) metrics.unknown.add(labels, counts.unknown);
  if (counts.park > 0) {
    metrics.parked.add(labels, counts.park);
    metrics.parkedStreams.set(labels, run.parked.size);
  }
};

/** A piece of the step can't be settled now. What is before it goes first, by itself. */
const halt = <Tools, Effect>(
  run: ShardRun,
  { step, stop, done }: { step: ShardStep<Tools, Effect>; stop: Stop; done: number },
  context: ConsumerContext<Tools, Effect>,
): void => {
  const until = step.work[stop.at]?.event.position ?? run.mark.position;
  const before = stop.at - done;
  run.caution = { limit: Math.max(1, before), until };
  if (before > 0) return;
  if (stop.kind === "notYet") {
    run.awaited = stop.mark;
    run.notBefore = context.clock.now().getTime() + firstLookMs;
  } else if (isRetryable(stop.error)) {
    pause(run, stop.error, context);
  } else {
    countFault(run, stop.error, context);
  }
};

/** Something that the shard depends on is away: it waits, longer each time, and nothing is parked. */
export const pause = <Tools, Effect>(run: ShardRun, error: unknown, context: ConsumerContext<Tools, Effect>): void => {
  const { of, clock, limits, logger, metrics, random } = context;
  run.failures += 1;
  run.lastError = reasonOf(error);
  run.pending = true;
  const pauseMs = backoffMs(run.failures, { maxMs: limits.maxBackoffMs, random });
  run.notBefore = clock.now().getTime() + pauseMs;
  // A mark that was due would have the next turn taken at once, and again.
  run.saveAt = Math.max(run.saveAt, run.notBefore);
  metrics.pauses.add(labelsOf(of, run.shard), 1);
  logger.warn(
    { ...of, shard: run.shard, failures: run.failures, pauseMs: Math.round(pauseMs), error: run.lastError },
    "a dependency is away, the shard pauses",
  );
};

const countFault = <Tools, Effect>(run: ShardRun, error: unknown, context: ConsumerContext<Tools, Effect>): void => {
  const { of, clock, limits, metrics, random } = context;
  run.attempts += 1;
  run.lastError = reasonOf(error);
  metrics.faults.add(labelsOf(of, run.shard), 1);
  if (run.attempts < limits.attempts) {
    run.notBefore = clock.now().getTime() + backoffMs(run.attempts, { baseMs: quickRetryMs, random });
  } else if (run.parked.size < limits.parkedStreams) {
    run.toPark = { reason: run.lastError, attempts: run.attempts };
  } else {
    stopShard(run, { cause: "parkingFull", reason: `${run.parked.size} streams are parked; the next fault: ${run.lastError}` }, context);
  }
};

/** A flush failed and it is not known by which event: each shard tries again alone, and with half as much where an event must be at fault. */
export const settleFailure = <Tools, Effect>(
  runs: readonly ShardRun[],
  { steps, error }: { steps: readonly ShardStep<Tools, Effect>[]; error: unknown },
  context: ConsumerContext<Tools, Effect>,
): void => {
  const only = steps.length === 1 && steps[0]?.work.length === 1 ? steps[0] : undefined;
  for (const step of steps) {
    const run = runs.find(({ shard }) => shard === step.shard);
    if (!run) continue;
    run.pending = true;
    const until = step.work.at(-1)?.event.position ?? run.mark.position;
    // Where no handler is concerned it can't be an event's fault.
    if (isRetryable(error) || !step.work.some(({ kind }) => kind === "handle")) {
      run.caution = { limit: step.work.length, until };
      pause(run, error, context);
    } else if (only) {
      halt(run, { step: only, stop: { at: 0, kind: "error", error }, done: 0 }, context);
    } else {
      run.lastError = reasonOf(error);
      run.caution = { limit: Math.ceil(step.work.length / (steps.length > 1 ? 1 : 2)), until: later(run.caution?.until, until) };
    }
  }
};

const later = (left: bigint | undefined, right: bigint) => (left !== undefined && left > right ? left : right);
