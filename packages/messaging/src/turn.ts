import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { ConsumerContext } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import { drainParked } from "./drain-parked.ts";
import type { AwaitedMark } from "./handlers.ts";
import { intake } from "./intake.ts";
import { goBackToStored, reload } from "./load-runs.ts";
import { planStep } from "./plan-step.ts";
import { saveMarks } from "./save-marks.ts";
import { passOver, pause, settleFailure, settleStep } from "./settle-step.ts";
import type { ShardRun } from "./shard-run.ts";
import type { ShardStep } from "./sink.ts";
import type { OpenSource } from "./source.ts";
import { resumeShard, stopShard } from "./stop-shard.ts";
import { verifyMarks } from "./verify-marks.ts";

const awaitedLookMs = 50;

/**
 * One turn of shards that nobody else touches meanwhile: read, decide by the marks, flush, take in what became of it.
 * Never throws; a shard that can't go on knows when to try again.
 * @returns how many events were in the flush.
 */
export const takeTurn = async <Tools, Effect>(
  runs: readonly ShardRun[],
  source: OpenSource,
  context: ConsumerContext<Tools, Effect>,
): Promise<number> => {
  for (const run of runs) run.pending = false;
  try {
    for (const run of runs) if (run.stopped) await lookAgain(run, context);
    const toVerify = runs.filter(({ verify }) => verify);
    if (toVerify.length > 0) {
      await goBackToStored(toVerify, context);
      await verifyMarks(toVerify, context);
    }
    const flowing: ShardRun[] = [];
    for (const run of runs) {
      if (run.stopped) continue;
      await drainParked(run, context);
      if (await mayFlow(run, context)) flowing.push(run);
    }
    const flushed = flowing.length > 0 ? await flushNext(flowing, source, context) : 0;
    await saveMarks(
      runs.filter(({ saveAt }) => saveAt <= context.clock.now().getTime()),
      context,
    );
    return flushed;
  } catch (error) {
    for (const run of runs) pause(run, error, context);
    return 0;
  }
};

/** Somebody may have acted: moved the mark, or emptied queues. */
const lookAgain = async <Tools, Effect>(run: ShardRun, context: ConsumerContext<Tools, Effect>): Promise<void> => {
  if (run.stopped?.cause === "unknownEvent") return;
  await reload(run, context);
  if (run.stopped?.cause !== "parkingFull") return;
  await drainParked(run, context);
  if (run.parked.size < context.limits.parkedStreams) resumeShard(run, context);
};

const mayFlow = async <Tools, Effect>(run: ShardRun, context: ConsumerContext<Tools, Effect>): Promise<boolean> => {
  const now = context.clock.now().getTime();
  // A turn may be for something else than the flow.
  if (run.notBefore > now) {
    run.pending = true;
    return false;
  }
  if (!run.awaited || (await isReached(run.awaited, context))) {
    run.awaited = null;
    return true;
  }
  run.pending = true;
  run.notBefore = now + awaitedLookMs;
  return false;
};

const isReached = async <Tools, Effect>({ group, log, shard, position }: AwaitedMark, { of, sink }: ConsumerContext<Tools, Effect>) => {
  const mark = (await sink.progress.marks({ group: group ?? of.group, log })).get(shard);
  return mark !== undefined && mark.position >= position;
};

const flushNext = async <Tools, Effect>(
  runs: readonly ShardRun[],
  source: OpenSource,
  context: ConsumerContext<Tools, Effect>,
): Promise<number> => {
  const delivered = await readNext(runs, source, context);
  const steps: ShardStep<Tools, Effect>[] = [];
  let passed = 0;
  for (const run of runs) {
    const step = stepOf(run, delivered.get(run.shard) ?? [], context);
    if (step === null) continue;
    if (context.limits.saveMs === 0 || step.work.some(({ kind }) => kind !== "skip")) {
      steps.push(step);
    } else {
      passed += step.work.length;
      passOver(run, step, context);
    }
  }
  if (steps.length === 0) return passed;
  try {
    const outcomes = await context.sink.flush(context.of, steps);
    for (const [index, step] of steps.entries()) {
      const run = runs.find(({ shard }) => shard === step.shard);
      const outcome = outcomes[index];
      if (run && outcome) await settleStep(run, { step, outcome }, context);
    }
  } catch (error) {
    settleFailure(runs, { steps, error }, context);
  }
  return steps.reduce((sum, { work }) => sum + work.length, passed);
};

/** From the source, and from the owner's log where the source has shown a gap. */
const readNext = async <Tools, Effect>(
  runs: readonly ShardRun[],
  source: OpenSource,
  { of, log, limits, metrics }: ConsumerContext<Tools, Effect>,
) => {
  const limit = Math.max(1, Math.floor(limits.batch / runs.length));
  const cursorsOf = (some: readonly ShardRun[]) => some.map(({ shard, mark }) => ({ shard, after: mark.position }));
  const toHeal = runs.filter(({ readLogUntil, mark }) => readLogUntil > mark.position);
  const toRead = runs.filter((run) => !toHeal.includes(run));
  const [delivery, missing] = await Promise.all([
    toRead.length > 0 ? source.read(cursorsOf(toRead), limit) : { epoch: "", events: [] },
    toHeal.length > 0 ? log.read(cursorsOf(toHeal), limit) : [],
  ]);
  const byShard = Map.groupBy<number, RecordedEvent>([...delivery.events, ...missing], ({ shard }) => shard);
  for (const run of toHeal) {
    const healed = byShard.get(run.shard)?.length ?? 0;
    if (healed === 0) run.readLogUntil = 0n;
    else metrics.healed.add(labelsOf(of, run.shard), healed);
  }
  for (const run of toRead) {
    const events = byShard.get(run.shard);
    if (!events || delivery.epoch === run.mark.epoch) continue;
    // From before a restore or from after it: the owner's log knows.
    run.verify = true;
    run.pending = true;
    run.readLogUntil = highest(events);
    byShard.delete(run.shard);
  }
  return byShard;
};

const highest = (events: readonly RecordedEvent[]) =>
  events
    .map(({ position }) => position)
    .sort((left, right) => (left < right ? -1 : 1))
    .at(-1) ?? 0n;

const stepOf = <Tools, Effect>(
  run: ShardRun,
  delivered: readonly RecordedEvent[],
  context: ConsumerContext<Tools, Effect>,
): ShardStep<Tools, Effect> | null => {
  if (delivered.length === 0) return null;
  run.pending = true;
  const labels = labelsOf(context.of, run.shard);
  const { next, duplicates, beyondGap } = intake(run.mark.position, delivered);
  if (duplicates > 0) context.metrics.duplicates.add(labels, duplicates);
  if (beyondGap !== null) {
    run.readLogUntil = beyondGap;
    context.metrics.gaps.add(labels, 1);
    context.logger.warn(
      { ...context.of, shard: run.shard, after: String(run.mark.position), beyondGap: String(beyondGap) },
      "the source left events out",
    );
  }
  const { step, unknown } = planStep(run, next, context);
  if (unknown && !step)
    stopShard(run, { cause: "unknownEvent", reason: `${unknown.type} at ${unknown.position} is not known here` }, context);
  return step;
};
