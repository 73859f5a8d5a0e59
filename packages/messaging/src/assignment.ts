import { backoffMs } from "./backoff.ts";
import { type ConsumerContext, reasonOf } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import { loadRuns } from "./load-runs.ts";
import { pauses } from "./pauses.ts";
import { saveMarks } from "./save-marks.ts";
import type { ShardRun } from "./shard-run.ts";

type Options<Tools, Effect> = {
  context: ConsumerContext<Tools, Effect>;
  /** The shards held now; kept up to date here. */
  runs: Map<number, ShardRun>;
  /** Resolves when none of these is busy. */
  settled: (runs: readonly ShardRun[]) => Promise<void>;
  changed: () => void;
};

/** Takes shards and lets go of them as the source says, one change after another. */
export const assignment = <Tools, Effect>({ context, runs, settled, changed }: Options<Tools, Effect>) => {
  let wanted: ReadonlySet<number> = new Set();
  let last: Promise<void> = Promise.resolve();
  const resting = pauses(context.clock);
  let isGiven = false;
  /** Nobody is to miss the shards of a group that has ended; those of one that could not even begin are missing. */
  const tellHeld = () => {
    const { held } = context.metrics;
    if (isGiven && resting.isOver()) held.remove(context.of);
    else held.set(context.of, runs.size);
  };
  // Whoever has never held any is seen, too.
  tellHeld();

  const letGo = async () => {
    const leaving = [...runs.values()].filter(({ shard }) => !wanted.has(shard));
    for (const run of leaving) run.leaving = true;
    await settled(leaving);
    await saveMarks(leaving, context);
    for (const { shard } of leaving) {
      runs.delete(shard);
      const { lag, stopped: stands, parkedStreams } = context.metrics;
      for (const gauge of [lag, stands, parkedStreams]) gauge.set(labelsOf(context.of, shard), 0);
    }
    tellHeld();
  };

  /** Until they are there, or other shards are wanted, which the next one takes. */
  const take = async () => {
    const asked = wanted;
    for (let failures = 0; wanted === asked && !resting.isOver(); ) {
      const missing = [...asked].filter((shard) => !runs.has(shard));
      if (missing.length === 0) return;
      try {
        for (const run of await loadRuns(missing, context)) if (wanted.has(run.shard)) runs.set(run.shard, run);
        tellHeld();
        return;
      } catch (error) {
        failures += 1;
        context.logger.warn({ ...context.of, shards: missing, error: reasonOf(error) }, "the marks could not be read");
        // It may have changed during the attempt, and whoever changed it woke nobody.
        if (wanted === asked) await resting.pause(backoffMs(failures, { maxMs: context.limits.maxBackoffMs, random: context.random }));
      }
    }
  };

  return {
    /** Resolves when the shards that are not among these have been let go of. */
    assign(shards: readonly number[]): Promise<void> {
      isGiven = true;
      wanted = new Set(shards);
      resting.wake();
      const lettingGo = last.then(letGo);
      // Whatever goes wrong in one change, the next one is made.
      last = lettingGo
        .then(take)
        .then(changed)
        .catch((error) => context.logger.error({ ...context.of, error: reasonOf(error) }, "the shards could not be changed"));
      return lettingGo;
    },
    async stop() {
      wanted = new Set();
      resting.end();
      await last;
      await letGo();
    },
  };
};
