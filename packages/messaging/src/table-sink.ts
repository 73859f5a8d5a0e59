import type postgres from "postgres";
import { markAfter, movesOf } from "./moves.ts";
import { moveMarks } from "./postgres/mark-rows.ts";
import { insertParked } from "./postgres/parked-rows.ts";
import { postgresParking } from "./postgres/postgres-parking.ts";
import { postgresProgress } from "./postgres/postgres-progress.ts";
import type { MarkMove } from "./progress.ts";
import { PieceFailed, piecesOf, runInOrder } from "./run-in-order.ts";
import type { ShardStep, Sink, StepOutcome, Stop } from "./sink.ts";

export type TableTools = {
  /** Effects go through this and are there if and only if the mark is. */
  tx: postgres.TransactionSql;
};

/**
 * Effects on tables: those of a whole batch and the marks of all its shards commit in one transaction. A process whose
 * marks were moved by another one finds out before its first effect, and does nothing.
 */
export const tableSink = ({ sql, schema }: { sql: postgres.Sql; schema: string }): Sink<TableTools, void> => ({
  progress: postgresProgress({ sql, schema }),
  // Handlers of two transactions could wait for each other's rows.
  concurrency: 1,

  flush(of, steps) {
    const transaction = async (tx: postgres.TransactionSql): Promise<readonly StepOutcome[]> => {
      const hoped = movesOf(
        steps,
        steps.map(({ work }) => work.length),
      );
      // First, so that a process whose marks were moved by another one finds out before its first effect.
      const fenced = await moveMarks(tx, schema, { ...of, moves: hoped });
      if (fenced.length > 0) throw new Fenced(fenced);
      // An error of a statement that a handler swallows fails the transaction when it ends: postgres.js remembers it.
      const stops = await runInOrder(piecesOf(steps), { tools: { tx } });
      const done = steps.map(({ work }, index) => stops.get(index)?.at ?? work.length);
      if (stops.size > 0) await moveMarks(tx, schema, { ...of, moves: backToWhatIsDone(steps, done) });
      await insertParked(tx, schema, { ...of, moves: movesOf(steps, done) });
      return done.map((count, index) => settled(count, stops.get(index)));
    };
    return rolledBack(sql.begin(transaction), steps);
  },

  async drain(of, step) {
    const transaction = async (tx: postgres.TransactionSql): Promise<readonly StepOutcome[]> => {
      const eventIds = step.work.map(({ event }) => event.eventId);
      const isOurs = await postgresParking(tx, schema).done({ ...of, streamId: step.streamId }, eventIds);
      if (!isOurs) return [{ outcome: "fenced" }];
      const [stop] = (await runInOrder(piecesOf([step]), { tools: { tx } })).values();
      if (stop) throw new MustWait(stop);
      return [settled(step.work.length, undefined)];
    };
    const [outcome] = await rolledBack(sql.begin(transaction), [step]);
    return outcome ?? nothingDone;
  },
});

const nothingDone: StepOutcome = { outcome: "settled", done: 0 };

const settled = (done: number, stop: Stop | undefined): StepOutcome => ({ outcome: "settled", done, ...(stop && { stop }) });

const backToWhatIsDone = <Tools, Effect>(steps: readonly ShardStep<Tools, Effect>[], done: readonly number[]): readonly MarkMove[] =>
  steps.flatMap((step, index) => {
    const count = done[index] ?? 0;
    if (count === step.work.length) return [];
    return [{ shard: step.shard, from: markAfter(step, step.work.length), to: markAfter(step, count), parked: [] }];
  });

/** Ends a flush's transaction without its effects. */
class Fenced extends Error {
  override readonly name = "Fenced";
  readonly shards: readonly number[];
  constructor(shards: readonly number[]) {
    super("another process has moved the marks");
    this.shards = shards;
  }
}

/** Ends a drain's transaction without its effects. */
class MustWait extends Error {
  override readonly name = "MustWait";
  readonly stop: Stop;
  constructor(stop: Stop) {
    super("a parked event has to wait");
    this.stop = stop;
  }
}

/** Where it is known why the transaction had to end, the answer says so and that nothing was done; else the error goes on. */
const rolledBack = async (
  transaction: Promise<readonly StepOutcome[]>,
  steps: readonly { shard: number }[],
): Promise<readonly StepOutcome[]> => {
  try {
    return await transaction;
  } catch (error) {
    const stopAt = (at: number, stop: Stop) => steps.map((_, index) => settled(0, index === at ? stop : undefined));
    if (error instanceof Fenced) return steps.map(({ shard }) => (error.shards.includes(shard) ? { outcome: "fenced" } : nothingDone));
    if (error instanceof PieceFailed) return stopAt(error.step, { kind: "error", at: error.at, error: error.cause });
    if (error instanceof MustWait) return stopAt(0, error.stop);
    throw error;
  }
};
