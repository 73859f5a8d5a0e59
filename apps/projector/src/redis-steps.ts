import { type GroupOnLog, sameMark } from "@cartwright/messaging/mark";
import { movesOf } from "@cartwright/messaging/moves";
import { PieceFailed, piecesOf, runInOrder } from "@cartwright/messaging/run-in-order";
import type { DrainStep, ShardStep, StepOutcome, Stop } from "@cartwright/messaging/sink";
import type { MarkedMove, WriteOutcome } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { RedisProgress } from "./redis-progress.ts";

/** How far handlers came who only decide what is to be written. */
export type Decided = { readonly done: number; readonly stop?: Stop };

/** Runs the handlers of a step with tools that keep what they want for later. */
export const decideStep = async <Tools>(
  step: Pick<ShardStep<Tools, void> | DrainStep<Tools, void>, "work">,
  tools: Tools,
): Promise<Decided> => {
  try {
    const stop = (await runInOrder(piecesOf([step]), { tools })).get(0);
    return { done: stop?.at ?? step.work.length, ...(stop && { stop }) };
  } catch (error) {
    if (!(error instanceof PieceFailed)) throw error;
    return { done: 0, stop: { kind: "error", at: error.at, error: error.cause } };
  }
};

/** Of a step, or of what came of it, without what is undefined. */
export const settled = ({ done, stop }: Decided): StepOutcome => ({ outcome: "settled", done, ...(stop && { stop }) });

export type CarryOut<Tools> = {
  readonly of: GroupOnLog;
  readonly step: ShardStep<Tools, void>;
  readonly decided: Decided;
  /** Writes what was decided if the mark is at the move's `from`, and moves it: all of it or nothing. */
  readonly write: (move: MarkedMove) => Promise<WriteOutcome>;
};

/** Parks what is to be parked, then has all that was decided written with the mark. */
export const carryOut = async <Tools>(progress: RedisProgress, { of, step, decided, write }: CarryOut<Tools>): Promise<StepOutcome> => {
  const [move] = movesOf([step], [decided.done]);
  if (!move) return settled(decided);
  if (!(await progress.park(of, move))) return { outcome: "fenced" };
  const answer = await write(move);
  // A write whose answer was lost is asked for again: the mark then is where this one leads to.
  const isThere = answer.applied || (answer.mark !== null && sameMark(answer.mark, move.to));
  return isThere ? settled(decided) : { outcome: "fenced" };
};

/** Nothing is under way any more when this ends, also where it throws. */
export const allOf = async <Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> => {
  const ended = await Promise.allSettled(work);
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
};
