import type { ConsumerContext } from "./consumer-context.ts";
import { labelsOf } from "./consumer-metrics.ts";
import { reload } from "./load-runs.ts";
import { pause } from "./settle-step.ts";
import { isStored, type ShardRun } from "./shard-run.ts";

/** Stores the marks that lag behind since what they passed over concerned nobody. Never throws: it is tried again. */
export const saveMarks = async <Tools, Effect>(runs: readonly ShardRun[], context: ConsumerContext<Tools, Effect>): Promise<void> => {
  const { of, sink, metrics } = context;
  // One that stands still may stand where its log does not reach any more.
  const behind = runs.filter(({ mark, stored, stopped }) => mark !== stored && !stopped);
  if (behind.length === 0) return;
  try {
    const fenced = await sink.progress.move(
      of,
      behind.map(({ shard, mark, stored }) => ({ shard, from: stored, to: mark, parked: [] })),
    );
    for (const run of behind) {
      if (!fenced.includes(run.shard)) {
        isStored(run, run.mark);
        continue;
      }
      metrics.fenced.add(labelsOf(of, run.shard), 1);
      await reload(run, context);
    }
  } catch (error) {
    for (const run of behind) pause(run, error, context);
  }
};
