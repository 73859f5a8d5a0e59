import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendSink, type Reaction } from "./append-sink.ts";
import { type Consumer, consumer } from "./consumer.ts";
import type { HandlerContext } from "./handlers.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import type { Progress } from "./progress.ts";
import type { Sink } from "./sink.ts";
import { appendEvents } from "./testing/events.ts";
import { type MemoryTools, memoryTableSink } from "./testing/memory-table-sink.ts";
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
  /** The stream's next event can't be handled until the end. */
  | { do: "poison"; stream: number }
  /** An operator tries a parked stream again. */
  | { do: "retry"; stream: number }
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
  { weight: 2, arbitrary: fc.constant<Step>({ do: "join" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "restart" }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("poison" as const), stream: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retry" as const), stream: fc.nat(5) }) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: "yield" }) },
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

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 1));

type SinkUnderTest<Tools, Effect> = {
  sink: Sink<Tools, Effect>;
  apply: (event: RecordedEvent, context: HandlerContext<Tools>) => Effect;
  seen: () => Promise<readonly { streamId: string; version: number }[]>;
};

const reactions = (progress: Progress): SinkUnderTest<Record<never, never>, Reaction | undefined> => {
  const own = inMemoryEventLog({ name: "fraud", shards: 3 });
  return { sink: appendSink({ log: own, progress }), apply: (event, { group }) => noteOf(event, group), seen: () => notesIn(own) };
};

const tables = (progress: Progress): SinkUnderTest<MemoryTools, void> => {
  const sink = memoryTableSink(progress);
  return { sink, apply: (event, { write }) => write(event), seen: async () => sink.written };
};

const model = <Tools, Effect>(seed: number, sinkOn: (progress: Progress) => SinkUnderTest<Tools, Effect>) => {
  const random = seeded(seed);
  const log = inMemoryEventLog({ name: "cart", shards: 3 });
  const progress = inMemoryProgress();
  const poison = new Set<string>();
  const failures: ("before" | "after" | "between")[] = [];
  const crash = (when: (typeof failures)[number]) => {
    if (failures[0] !== when) return;
    failures.shift();
    throw new Crash(when);
  };
  const move: Progress["move"] = async (of, moves) => {
    crash("between");
    return progress.move(of, moves);
  };
  const { sink, apply, seen } = sinkOn({ ...progress, move });
  const flush: typeof sink.flush = async (of, steps) => {
    crash("before");
    const outcomes = await sink.flush(of, steps);
    crash("after");
    return outcomes;
  };
  const start = async (): Promise<Consumer> => {
    const counting = consumer<RecordedEvent, Tools, Effect>({
      group: "counting",
      log,
      source: unreliableSource(logSource({ log }), { random, dropped: 0.1, repeated: 0.3, shuffled: 0.3 }),
      sink: { ...sink, flush },
      handlers: {
        async Counted(event, context) {
          if (poison.has(event.eventId)) throw new Error("poisoned");
          if (random() < 0.3) await aMoment();
          return apply(event, context);
        },
      },
      limits: { headsMs: 5, maxBackoffMs: 2, batch: 12, attempts: 2 },
      random,
    });
    await counting.start();
    return counting;
  };
  const retryAll = async () => {
    const parked = await progress.parking.list();
    for (const stream of parked) await progress.parking.retry(stream);
    return parked.length;
  };
  return {
    log,
    failures,
    poison,
    start,
    seen,
    retryAll,
    retry: (stream: number) => progress.parking.retry({ group: "counting", log: "cart", streamId: `cart-${stream}` }),
    append: (stream: number, count: number) => appendEvents(log, { streamId: `cart-${stream}`, count }),
  };
};

type Model = ReturnType<typeof model<unknown, unknown>>;

const carryOut = async (steps: readonly Step[], { failures, poison, start, retry, append }: Omit<Model, "seen">): Promise<Consumer[]> => {
  const members = [await start()];
  for (const each of steps) {
    if (each.do === "append") await append(each.stream, each.count);
    if (each.do === "poison") for (const eventId of await append(each.stream, 1)) poison.add(eventId);
    if (each.do === "retry") await retry(each.stream);
    if (each.do === "fail") failures.push(each.how);
    if (each.do === "join" && members.length < 3) members.push(await start());
    if (each.do === "restart") {
      await members.shift()?.stop();
      members.push(await start());
    }
    if (each.do === "yield") await aMoment();
  }
  return members;
};

const holdsFor = <Tools, Effect>(sinkOn: (progress: Progress) => SinkUnderTest<Tools, Effect>) =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), fc.integer(), async (steps, seed) => {
      const run = model(seed, sinkOn);
      const members = await carryOut(steps, run);
      run.failures.length = 0;
      await members[0]?.catchUp(AbortSignal.timeout(10_000));
      run.poison.clear();
      await until(async () => (await run.retryAll()) === 0);
      await Promise.all(members.map((member) => member.stop()));

      const seen = Map.groupBy(await run.seen(), ({ streamId }) => streamId);
      for (let stream = 0; stream <= 5; stream++) {
        const expected = (await run.log.readStream(`cart-${stream}`)).map(({ version }) => version);
        expect((seen.get(`cart-${stream}`) ?? []).map(({ version }) => version)).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );

describe("whatever is repeated, dropped, reordered, interrupted or parked", () => {
  test("every event has its reaction once, in order in its stream", () => holdsFor(reactions), 60_000);
  test("every event has its effect on tables once, in order in its stream", () => holdsFor(tables), 60_000);
});
