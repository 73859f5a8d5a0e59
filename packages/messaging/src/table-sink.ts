import type postgres from "postgres";
import { movesOf } from "./moves.ts";
import { lockMarks, updateMarks } from "./postgres/mark-rows.ts";
import { insertParked } from "./postgres/parked-rows.ts";
import { postgresParking } from "./postgres/postgres-parking.ts";
import { postgresProgress } from "./postgres/postgres-progress.ts";
import { PieceFailed, piecesOf, runInOrder } from "./run-in-order.ts";
import type { Sink, StepOutcome, Stop } from "./sink.ts";

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
      const fenced = await lockMarks(tx, schema, { ...of, steps });
      if (fenced.length > 0) return steps.map(({ shard }) => (fenced.includes(shard) ? { outcome: "fenced" } : nothingDone));
      const stops = await runInOrder(piecesOf(steps), { tools: { tx } });
      const done = steps.map(({ work }, index) => stops.get(index)?.at ?? work.length);
      const moves = movesOf(steps, done);
      await insertParked(tx, schema, { ...of, moves });
      // Last, since it fails where a handler has swallowed an error of the transaction, whose commit would be none.
      await updateMarks(tx, schema, { ...of, moves });
      return done.map((count, index) => settled(count, stops.get(index)));
    };
    return rolledBack(sql.begin(transaction), steps.length);
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
    const [outcome] = await rolledBack(sql.begin(transaction), 1);
    return outcome ?? nothingDone;
  },
});

const nothingDone: StepOutcome = { outcome: "settled", done: 0 };

const settled = (done: number, stop: Stop | undefined): StepOutcome => ({ outcome: "settled", done, ...(stop && { stop }) });

/** Ends a drain's transaction without its effects. */
class MustWait extends Error {
  override readonly name = "MustWait";
  readonly stop: Stop;
  constructor(stop: Stop) {
    super("a parked event has to wait");
    this.stop = stop;
  }
}

/** Where one event is known to be at fault, the answer says so and that nothing was done; else the error goes on. */
const rolledBack = async (transaction: Promise<readonly StepOutcome[]>, steps: number): Promise<readonly StepOutcome[]> => {
  try {
    return await transaction;
  } catch (error) {
    const answerFor = (step: number, stop: Stop) =>
      Array.from({ length: steps }, (_, index) => settled(0, index === step ? stop : undefined));
    if (error instanceof PieceFailed) return answerFor(error.step, { kind: "error", at: error.at, error: error.cause });
    if (error instanceof MustWait) return answerFor(0, error.stop);
    throw error;
  }
};
