import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { type Consumer, consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { appendEvents } from "./testing/events.ts";
import { noteOf, notesIn } from "./testing/notes.ts";
import { unreliableSource } from "./testing/unreliable-source.ts";

class Crash extends Error {
  override readonly name = "Crash";
  readonly retryable = true;
}

type Step =
  | { do: "append"; stream: number; count: number }
  /** The next flush: fails, is done and its answer lost, or its handlers run and its marks stay. */
  | { do: "fail"; how: "before" | "after" | "between" }
  /** Another process of the group, beside the one that runs. */
  | { do: "join" }
  | { do: "restart" }
  | { do: "yield" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("append" as const), stream: fc.nat(5), count: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      how: fc.constantFrom("before" as const, "after" as const, "between" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "join" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "restart" }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: "yield" }) },
);

/** A small generator, so that a run can be repeated from its seed. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const model = (seed: number) => {
  const random = seeded(seed);
  const log = inMemoryEventLog({ name: "cart", shards: 3 });
  const own = inMemoryEventLog({ name: "fraud", shards: 3 });
  const progress = inMemoryProgress();
  const failures: ("before" | "after" | "between")[] = [];
  const crash = (when: (typeof failures)[number]) => {
    if (failures[0] !== when) return;
    failures.shift();
    throw new Crash(when);
  };
  const sink = appendSink({
    log: own,
    progress: {
      ...progress,
      async move(of, moves) {
        crash("between");
        return progress.move(of, moves);
      },
    },
  });
  const start = async (): Promise<Consumer> => {
    const counting = consumer({
      group: "counting",
      log,
      source: unreliableSource(logSource({ log }), { random, dropped: 0.1, repeated: 0.3, shuffled: 0.3 }),
      sink: {
        ...sink,
        async flush(of, steps) {
          crash("before");
          const outcomes = await sink.flush(of, steps);
          crash("after");
          return outcomes;
        },
      },
      handlers: { Counted: async (event, { group }) => noteOf(event, group) },
      limits: { headsMs: 5, maxBackoffMs: 2, batch: 12 },
      random,
    });
    await counting.start();
    return counting;
  };
  const append = (stream: number, count: number) => appendEvents(log, { streamId: `cart-${stream}`, count });
  return { log, own, failures, start, append };
};

test("whatever is repeated, dropped, reordered or interrupted: every event has its effect once, in order in its stream", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer(), async (steps, seed) => {
      const { log, own, failures, start, append } = model(seed);
      const members = [await start()];
      for (const each of steps) {
        if (each.do === "append") await append(each.stream, each.count);
        if (each.do === "fail") failures.push(each.how);
        if (each.do === "join" && members.length < 3) members.push(await start());
        if (each.do === "restart") {
          await members.shift()?.stop();
          members.push(await start());
        }
        if (each.do === "yield") await new Promise((resolve) => setTimeout(resolve, 1));
      }
      failures.length = 0;
      await members[0]?.catchUp(AbortSignal.timeout(10_000));
      await Promise.all(members.map((member) => member.stop()));

      const seen = Map.groupBy(await notesIn(own), ({ streamId }) => streamId);
      for (let stream = 0; stream <= 5; stream++) {
        const expected = (await log.readStream(`cart-${stream}`)).map(({ version }) => version);
        expect((seen.get(`cart-${stream}`) ?? []).map(({ version }) => version)).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
