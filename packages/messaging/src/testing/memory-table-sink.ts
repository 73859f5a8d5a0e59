import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { movesOf } from "../moves.ts";
import type { Progress } from "../progress.ts";
import { PieceFailed, piecesOf, runInOrder } from "../run-in-order.ts";
import type { DrainStep, ShardStep, Sink, StepOutcome } from "../sink.ts";

export type MemoryTools = { write: (event: RecordedEvent) => void };
export type Written = { streamId: string; version: number };

/** For tests: a table that is there if and only if the mark is. Unlike a reaction, an effect that is had twice is seen twice. */
export const memoryTableSink = (progress: Progress): Sink<MemoryTools, void> & { written: readonly Written[] } => {
  const written: Written[] = [];

  /** Runs the handlers, then `commit`; what they wrote is there if it answers true. */
  const transaction = async (
    steps: readonly (ShardStep<MemoryTools, void> | DrainStep<MemoryTools, void>)[],
    commit: () => Promise<boolean>,
  ): Promise<StepOutcome> => {
    const writes: Written[] = [];
    try {
      await runInOrder(piecesOf(steps), { tools: { write: ({ streamId, version }) => writes.push({ streamId, version }) } });
    } catch (error) {
      if (!(error instanceof PieceFailed)) throw error;
      return { outcome: "settled", done: 0, stop: { at: error.at, kind: "error", error: error.cause } };
    }
    if (!(await commit())) return { outcome: "fenced" };
    written.push(...writes);
    return { outcome: "settled", done: steps[0]?.work.length ?? 0 };
  };

  return {
    written,
    progress,
    concurrency: 2,
    // One transaction a shard, so that a fenced one takes no other with it.
    flush: (of, steps) =>
      Promise.all(
        steps.map((step) => transaction([step], async () => (await progress.move(of, movesOf([step], [step.work.length]))).length === 0)),
      ),
    drain: (of, step) =>
      transaction([step], () =>
        progress.parking.done(
          { ...of, streamId: step.streamId },
          step.work.map(({ event }) => event.eventId),
        ),
      ),
  };
};
