import type { Sink } from "@cartwright/messaging/sink";
import { type RedisProgressOptions, redisProgress } from "../../redis-progress.ts";
import { allOf, carryOut, decideStep, settled } from "../../redis-steps.ts";
import { collectedFigures, type FiguresWriter } from "../figures-writer.ts";
import type { RedisFiguresStore } from "./redis-figures-store.ts";

/** What a handler is given. */
export type FiguresTools = { readonly figures: FiguresWriter };

export type RedisFiguresSinkOptions = Omit<RedisProgressOptions, "store"> & { readonly store: RedisFiguresStore };

/**
 * Figures in Redis. Handlers only decide what goes up; then one script a shard adds it and moves the mark, so that what Redis loses it
 * loses together. Events out of a queue have no mark that moves: the version of their stream stands for it.
 */
export const redisFiguresSink = (options: RedisFiguresSinkOptions): Sink<FiguresTools, void> => {
  const { store } = options;
  const progress = redisProgress(options);
  return {
    progress,
    concurrency: 2,

    async flush(of, steps) {
      const decisions = await allOf(
        steps.map(async (step) => {
          const { writer, collected } = collectedFigures(store);
          return { of, step, collected, decided: await decideStep(step, { figures: writer }) };
        }),
      );
      return await allOf(
        decisions.map(({ collected, ...decision }) =>
          carryOut(progress, { ...decision, write: (move) => store.write([collected()], move) }),
        ),
      );
    },

    async drain(of, step) {
      const from = await store.drained(step.streamId);
      // Those before were counted, and whoever did it could not take them out of the queue any more.
      const known = step.work.filter(({ event }) => event.version <= from);
      const work = step.work.slice(known.length);
      const { writer, collected } = collectedFigures(store);
      const { done: counted, stop } = await decideStep({ work }, { figures: writer });
      const last = work[counted - 1];
      if (last && !(await store.writeDrained(collected(), { streamId: step.streamId, from, to: last.event.version })))
        return { outcome: "fenced" };
      const done = known.length + counted;
      const eventIds = step.work.slice(0, done).map(({ event }) => event.eventId);
      if (done > 0 && !(await progress.parking.done({ ...of, streamId: step.streamId }, eventIds))) return { outcome: "fenced" };
      return settled({ done, ...(stop && { stop: { ...stop, at: stop.at + known.length } }) });
    },
  };
};
