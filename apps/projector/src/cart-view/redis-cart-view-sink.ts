import type { CartId } from "@cartwright/contracts/ids";
import type { GroupOnLog } from "@cartwright/messaging/mark";
import type { DrainStep, ShardStep, Sink, StepOutcome } from "@cartwright/messaging/sink";
import type { CartViewRecord, CartViewWriter } from "@cartwright/read-model/cart-view-writer";
import type { CartViewsListener } from "@cartwright/read-model/cart-views-over";
import type { RedisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import { type RedisProgressOptions, redisProgress } from "../redis-progress.ts";
import { allOf, carryOut, type Decided, decideStep, settled } from "../redis-steps.ts";
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

  const write = async (of: GroupOnLog, { step, decided, records }: Decision): Promise<StepOutcome> => {
    const views = records.map(({ view }) => view);
    try {
      const outcome = await carryOut(progress, { of, step, decided, write: (move) => store.write(records, move) });
      if (outcome.outcome === "settled" && views.length > 0) listener.applied(views);
      return outcome;
    } catch (error) {
      listener.doubted(views);
      throw error;
    }
  };

  return {
    progress,
    concurrency: 2,

    async flush(of, steps) {
      const decisions = await allOf(steps.map(async (step) => ({ step, ...(await decide(step, store)) })));
      return await allOf(decisions.map((decision) => write(of, decision)));
    },

    async drain(of, step) {
      const { decided, records } = await decide(step, store);
      if (decided.done > 0) {
        await store.write(records);
        const eventIds = step.work.slice(0, decided.done).map(({ event }) => event.eventId);
        if (!(await progress.parking.done({ ...of, streamId: step.streamId }, eventIds))) return { outcome: "fenced" };
        listener.applied(records.map(({ view }) => view));
      }
      return settled(decided);
    },
  };
};

type Decision = {
  readonly step: ShardStep<CartViewTools, void>;
  readonly decided: Decided;
  readonly records: readonly CartViewRecord[];
};

/** What the step leads to; nothing is written yet. */
const decide = async (
  step: ShardStep<CartViewTools, void> | DrainStep<CartViewTools, void>,
  { load }: Pick<RedisCartViewStore, "load">,
): Promise<Pick<Decision, "decided" | "records">> => {
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
  const decided = await decideStep(step, { views });
  return { decided, records: decided.done > 0 ? [...written.values()] : [] };
};
