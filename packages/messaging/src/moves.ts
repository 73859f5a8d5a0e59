import type { Mark } from "./mark.ts";
import type { MarkMove } from "./progress.ts";
import type { ShardStep, Work } from "./sink.ts";

/** Where the mark stands once the first `done` pieces of the step are settled. */
export const markAfter = <Tools, Effect>(step: ShardStep<Tools, Effect>, done: number): Mark => {
  const last = step.work[done - 1];
  return last ? { epoch: step.from.epoch, position: last.event.position, eventId: last.event.eventId } : step.from;
};

/** The moves of those steps of which something is settled. */
export const movesOf = <Tools, Effect>(steps: readonly ShardStep<Tools, Effect>[], done: readonly number[]): readonly MarkMove[] =>
  steps.flatMap((step, index) => {
    const settled = done[index] ?? 0;
    if (settled === 0) return [];
    const parked = step.work.slice(0, settled).filter(isParked);
    return [{ shard: step.shard, from: step.from, to: markAfter(step, settled), parked }];
  });

const isParked = <Tools, Effect>(work: Work<Tools, Effect>) => work.kind === "park";
