import type { CartId } from "@cartwright/contracts/ids";
import { sameMark } from "@cartwright/messaging/mark";
import { movesOf } from "@cartwright/messaging/moves";
import { PieceFailed, piecesOf, runInOrder } from "@cartwright/messaging/run-in-order";
import type { DrainStep, ShardStep, Sink, StepOutcome, Stop } from "@cartwright/messaging/sink";
import type { CartViewRecord, CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import type { RedisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import { type RedisProgressOptions, redisProgress } from "../redis-progress.ts";
import type { CartViewTools } from "./cart-view-sink.ts";

export type RedisCartViewSinkOptions = Omit<RedisProgressOptions, "store"> & {
  readonly store: RedisCartViewStore;
  /** The views of this process, which are told what is written. */
  readonly listener: CartViewsListener;
};

/**
 * Views in Redis. Handlers only decide what is to be written; then each shard's views and mark are written by one script, which
 * does nothing where the mark is not where the flush began.
 */
export const redisCartViewSink = ({ listener, ...options }: RedisCartViewSinkOptions): Sink<CartViewTools, void> => {
  const { store } = options;
  const progress = redisProgress(options);

  const write = async (of: Parameters<Sink<CartViewTools, void>["flush"]>[0], { step, decided }: Decision): Promise<StepOutcome> => {
    const { done, stop, records } = decided;
    const settled: StepOutcome = { outcome: "settled", done, ...(stop && { stop }) };
    const [move] = movesOf([step], [done]);
    if (!move) return settled;
    if (!(await progress.park(of, move))) return { outcome: "fenced" };
    const views = records.map(({ view }) => view);
    try {
      const answer = await store.write(records, move);
      // A write whose answer was lost is asked for again: the mark then is where this one leads to.
      if (!answer.applied && !(answer.mark && sameMark(answer.mark, move.to))) return { outcome: "fenced" };
      listener.applied(views);
      return settled;
    } catch (error) {
      listener.doubted(views);
      throw error;
    }
  };

  return {
    progress,
    concurrency: 2,

    async flush(of, steps) {
      const decisions = await allOf(steps.map(async (step) => ({ step, decided: await decide(step, store) })));
      return await allOf(decisions.map((decision) => write(of, decision)));
    },

    async drain(of, step) {
      const { done, stop, records } = await decide(step, store);
      if (done > 0) {
        await store.write(records);
        const eventIds = step.work.slice(0, done).map(({ event }) => event.eventId);
        if (!(await progress.parking.done({ ...of, streamId: step.streamId }, eventIds))) return { outcome: "fenced" };
        listener.applied(records.map(({ view }) => view));
      }
      return { outcome: "settled", done, ...(stop && { stop }) };
    },
  };
};

type Decision = { readonly step: ShardStep<CartViewTools, void>; readonly decided: Decided };
type Decided = { readonly done: number; readonly stop?: Stop; readonly records: readonly CartViewRecord[] };

/** What the step leads to; nothing is written yet. */
const decide = async (
  step: ShardStep<CartViewTools, void> | DrainStep<CartViewTools, void>,
  { load }: Pick<RedisCartViewStore, "load">,
): Promise<Decided> => {
  const written = new Map<CartId, CartViewRecord>();
  const views: CartViewWriter = {
    async load(cartIds) {
      const stored = await load(cartIds.filter((cartId) => !written.has(cartId)));
      return new Map([...stored, ...written].filter(([cartId]) => cartIds.includes(cartId)));
    },
    async apply(records) {
      for (const record of records) written.set(record.view.cartId, record);
    },
  };
  try {
    const stop = (await runInOrder(piecesOf([step]), { tools: { views } })).get(0);
    return { done: stop?.at ?? step.work.length, ...(stop && { stop }), records: [...written.values()] };
  } catch (error) {
    if (!(error instanceof PieceFailed)) throw error;
    return { done: 0, stop: { kind: "error", at: error.at, error: error.cause }, records: [] };
  }
};

/** Nothing is under way any more when this ends, also where it throws. */
const allOf = async <Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> => {
  const ended = await Promise.allSettled(work);
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
};
