import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import { shardOf } from "@cartwright/event-log/shard-of";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { type ConsumerOptions, consumer } from "./consumer.ts";
import type { ConsumerLimits } from "./consumer-context.ts";
import { appendEvents } from "./events-for-tests.ts";
import { type HandlerContext, type NotYet, notYet } from "./handlers.ts";
import type { Sink } from "./sink.ts";
import type { Source } from "./source.ts";
import { unreliableSource } from "./unreliable-source.ts";

/** One source and one sink. Every `source()` and `sink()` is as another process of the same group would have it. */
export type ConsumerUnderTest<Tools, Effect> = AsyncDisposable & {
  log: EventLog;
  source(): Source;
  /** A source that shares the shards with others, where the combination has one. */
  sharedSource?(owner: string): Source;
  sink(): Sink<Tools, Effect>;
  /** An effect that is seen twice if it is had twice. */
  apply(event: RecordedEvent, context: HandlerContext<Tools>): Promise<Effect>;
  /** The effects in the order in which they were had. */
  seen(): Promise<readonly Seen[]>;
};

export type Seen = { streamId: string; version: number };

/** What every consumer promises. Run for each combination of a source and a sink. */
export const consumerConformance = <Tools, Effect>(combination: string, open: () => Promise<ConsumerUnderTest<Tools, Effect>>) => {
  describe(`a consumer from ${combination}`, () => {
    const withConsumer: WithConsumer<Tools, Effect> = (name, run) =>
      test(name, async () => {
        await using under = await open();
        await run(under, bench(under));
      }, 30_000);
    deliveryPromises(withConsumer);
    crashPromises(withConsumer);
    faultPromises(withConsumer);
    parkingPromises(withConsumer);
    sharingPromises(withConsumer);
  });
};

type Run<Tools, Effect> = (under: ConsumerUnderTest<Tools, Effect>, bench: Bench<Tools, Effect>) => Promise<void>;
type WithConsumer<Tools, Effect> = (name: string, run: Run<Tools, Effect>) => void;
type Bench<Tools, Effect> = ReturnType<typeof bench<Tools, Effect>>;

const quick: Partial<ConsumerLimits> = { headsMs: 25, maxBackoffMs: 20 };

export class DependencyAway extends Error {
  override readonly name = "DependencyAway";
  readonly retryable = true;
}

type Rule<Tools> = (event: RecordedEvent, context: HandlerContext<Tools>) => Promise<NotYet | undefined> | NotYet | undefined;
type Overrides<Tools, Effect> = Partial<
  Pick<ConsumerOptions<RecordedEvent, Tools, Effect>, "source" | "sink" | "group" | "limits" | "unknownEvents">
> & {
  /** Runs before the effect. */
  before?: Rule<Tools>;
  /** Runs after the effect and before the mark. */
  after?: (event: RecordedEvent) => void;
};

const bench = <Tools, Effect>(under: ConsumerUnderTest<Tools, Effect>) => {
  const streams = Array.from({ length: 12 }, (_, index) => `cart-${index}-${crypto.randomUUID().slice(0, 8)}`);
  const append = (streamId: string, count = 1, type = "Counted") => appendEvents(under.log, { streamId, count, type });
  return {
    streams,
    append,
    appendEverywhere: async (rounds = 5) => {
      for (let round = 0; round < rounds; round++) await Promise.all(streams.map((streamId) => append(streamId, 1 + (round % 3))));
    },
    consume: ({ before, after, limits, ...overrides }: Overrides<Tools, Effect> = {}) =>
      consumer<RecordedEvent, Tools, Effect>({
        group: "counting",
        log: under.log,
        source: under.source(),
        sink: under.sink(),
        handlers: {
          Counted: async (event, context) => {
            const wait = await before?.(event, context);
            if (wait) return wait;
            const effect = await under.apply(event, context);
            after?.(event);
            return effect;
          },
        },
        ...overrides,
        limits: { ...quick, ...limits },
      }),
    /** Every event of the log had its effect once, in order in its stream; `except` had none. */
    expectEachOnce: async ({ except = [] }: { except?: readonly string[] } = {}) => {
      const seen = await under.seen();
      const byStream = Map.groupBy(seen, ({ streamId }) => streamId);
      for (const streamId of streams.filter((each) => !except.includes(each))) {
        const length = (await under.log.readStream(streamId)).length;
        const versions = (byStream.get(streamId) ?? []).map(({ version }) => version);
        expect(versions, streamId).toEqual(Array.from({ length }, (_, index) => index + 1));
      }
    },
  };
};

const deliveryPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "gives every event its effect once, in order in its stream, before and after it has caught up",
    async (_, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      await using counting = consume();
      await counting.start();
      await counting.catchUp();
      await appendEverywhere();
      await counting.catchUp();
      await expectEachOnce();
      expect((await counting.lag()).every(({ lag }) => lag === 0n)).toBe(true);
    },
  );

  withConsumer(
    "drops what is delivered twice and finds what was left out, in whatever order it comes",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      const source = unreliableSource(under.source(), { random: Math.random, dropped: 0.2, repeated: 0.5, shuffled: 0.5 });
      await using counting = consume({ source, limits: { batch: 40 } });
      await counting.start();
      await appendEverywhere(10);
      await counting.catchUp();
      await expectEachOnce();
    },
  );

  withConsumer("finds a lost tail without a later event", async (under, { consume, append, streams, expectEachOnce }) => {
    const source = unreliableSource(under.source(), { random: () => 0, dropped: 1 });
    await using counting = consume({ source });
    await counting.start();
    for (const streamId of streams) await append(streamId);
    await counting.catchUp();
    await expectEachOnce();
  });

  withConsumer(
    "goes on at its mark after a restart, and from the beginning under a new name",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      {
        await using first = consume();
        await first.start();
        await first.catchUp();
      }
      await appendEverywhere();
      await using second = consume();
      await second.start();
      await second.catchUp();
      await expectEachOnce();

      const before = (await under.seen()).length;
      await using replay = consume({ group: "counting-again" });
      await replay.start();
      await replay.catchUp();
      expect((await under.seen()).length).toBe(2 * before);
    },
  );

  withConsumer("skips types that it does not know on somebody else's log", async (_, { consume, append, streams, expectEachOnce }) => {
    const [streamId = ""] = streams;
    await append(streamId);
    await append(`other-${streamId}`, 3, "SomethingElse");
    await append(streamId);
    await using counting = consume();
    await counting.start();
    await counting.catchUp();
    await expectEachOnce();
  });

  withConsumer(
    "stops on a type that it does not know on its own log, before it, and other shards go on",
    async (under, { consume, append, streams, expectEachOnce }) => {
      const [strange = "", ...others] = streams;
      await append(strange, 2);
      await append(strange, 1, "FromTheFuture");
      await append(strange, 1);
      await using counting = consume({ unknownEvents: "fail" });
      await counting.start();
      const stopped = await until(() => counting.status().shards.find(({ state }) => state === "stopped"));
      expect(stopped).toMatchObject({ cause: "unknownEvent" });
      for (const streamId of others) await append(streamId);
      const shardsOf = async (streamId: string) => (await under.log.readStream(streamId))[0]?.shard;
      const sameShard = await Promise.all(others.map(async (streamId) => ((await shardsOf(streamId)) === stopped.shard ? streamId : "")));
      await until(async () => (await under.seen()).length === 2 + sameShard.filter((id) => id === "").length);
      await expectEachOnce({ except: [strange, ...sameShard] });
    },
  );
};

const crashPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "has an effect once when it ends between the effect and the mark",
    async (_, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      let crashes = 30;
      await using counting = consume({
        after: (event) => {
          if (event.version % 3 === 0 && crashes-- > 0) throw new DependencyAway("the mark was not reached");
        },
      });
      await counting.start();
      await counting.catchUp();
      expect(crashes).toBeLessThan(30);
      await expectEachOnce();
    },
  );

  withConsumer("has an effect once when the answer to its flush is lost", async (under, { consume, appendEverywhere, expectEachOnce }) => {
    await appendEverywhere();
    const inner = under.sink();
    let lost = 0;
    const flush: typeof inner.flush = async (of, steps) => {
      const outcomes = await inner.flush(of, steps);
      if (lost++ < 5) throw new DependencyAway("the answer was lost");
      return outcomes;
    };
    await using counting = consume({ sink: { ...inner, flush } });
    await counting.start();
    await counting.catchUp();
    await expectEachOnce();
    expect(lost).toBeGreaterThan(1);
  });

  withConsumer(
    "fences a process that was frozen and comes back with an old mark",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      const inner = under.sink();
      const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>();
      const { promise: frozen, resolve: freeze } = Promise.withResolvers<void>();
      const flush: typeof inner.flush = async (of, steps) => {
        freeze();
        await thawed;
        return inner.flush(of, steps);
      };
      await using zombie = consume({ sink: { ...inner, flush } });
      await zombie.start();
      await frozen;
      await using living = consume();
      await living.start();
      await living.catchUp();
      thaw();
      await appendEverywhere();
      await living.catchUp();
      await zombie.stop();
      await expectEachOnce();
    },
  );

  withConsumer(
    "keeps effects single when two processes believe that they hold the same shards",
    async (_, { consume, appendEverywhere, expectEachOnce }) => {
      await using one = consume({ limits: { batch: 20 } });
      await using other = consume({ limits: { batch: 20 } });
      await Promise.all([one.start(), other.start()]);
      await appendEverywhere(10);
      await one.catchUp();
      await expectEachOnce();
    },
  );
};

const faultPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "parks the stream of a poison event in the middle of a batch, and its neighbours flow",
    async (under, { consume, append, appendEverywhere, streams, expectEachOnce }) => {
      const [poisoned = ""] = streams;
      await appendEverywhere();
      const [poison = ""] = await append(poisoned);
      await appendEverywhere();
      const sink = under.sink();
      await using counting = consume({
        sink,
        before: (event) => {
          if (event.eventId === poison) throw new Error("this event can't be handled");
          return undefined;
        },
      });
      await counting.start();
      await counting.catchUp();
      await expectEachOnce({ except: [poisoned] });

      const before = (await under.log.readStream(poisoned)).findIndex(({ eventId }) => eventId === poison);
      const seen = (await under.seen()).filter(({ streamId }) => streamId === poisoned);
      expect(seen.map(({ version }) => version)).toEqual(Array.from({ length: before }, (_, index) => index + 1));
      const [parked] = await sink.progress.parking.list({ group: "counting" });
      expect(parked).toMatchObject({ streamId: poisoned, state: "parked", reason: "Error: this event can't be handled", attempts: 3 });
      expect(parked?.waiting).toBe((await under.log.readStream(poisoned)).length - before);
    },
  );

  withConsumer(
    "waits for a dependency that is away, parks nothing, and counts no attempt",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      await appendEverywhere();
      let isAway = true;
      let tries = 0;
      const sink = under.sink();
      await using counting = consume({
        sink,
        before: () => {
          if (isAway && ++tries > 0) throw new DependencyAway("nobody answers");
          return undefined;
        },
      });
      await counting.start();
      await until(() => tries > 20);
      expect(await under.seen()).toEqual([]);
      expect(counting.status().shards.some(({ state }) => state === "retrying")).toBe(true);
      isAway = false;
      await counting.catchUp();
      await expectEachOnce();
      expect(await sink.progress.parking.list()).toEqual([]);
    },
  );

  withConsumer("lets no shard hold another one up while it waits", async (under, { consume, append, streams }) => {
    for (const streamId of streams) await append(streamId, 3);
    const [away = ""] = streams;
    await using counting = consume({
      before: ({ streamId }) => {
        if (streamId === away) throw new DependencyAway("nobody answers");
        return undefined;
      },
    });
    await counting.start();
    const shardOf = async (streamId: string) => (await under.log.readStream(streamId))[0]?.shard;
    const others = (
      await Promise.all(streams.map(async (streamId) => ((await shardOf(streamId)) === (await shardOf(away)) ? "" : streamId)))
    ).filter(Boolean);
    await until(async () => {
      const seen = await under.seen();
      return others.every((other) => seen.filter(({ streamId }) => streamId === other).length === 3);
    });
  });

  withConsumer("waits for another log's mark where a handler says so", async (under, { consume, append, streams, expectEachOnce }) => {
    const [streamId = ""] = streams;
    await append(streamId, 3);
    const sink = under.sink();
    const elsewhere = { group: "counting", log: "elsewhere" };
    const at = (position: bigint) => ({ epoch: "e", position, eventId: position === 0n ? null : crypto.randomUUID() });
    const zero = at(0n);
    await sink.progress.begin(elsewhere, new Map([[3, zero]]));
    let asked = 0;
    let hasCome = false;
    await using counting = consume({
      sink,
      before: ({ version }) => {
        if (version < 2 || hasCome) return undefined;
        asked += 1;
        return notYet({ log: "elsewhere", shard: 3, position: 7n });
      },
    });
    await counting.start();
    await until(() => counting.status().shards.some(({ state }) => state === "waiting"));
    expect(await under.seen()).toEqual([{ streamId, version: 1 }]);
    const askedWhileWaiting = asked;
    hasCome = true;
    await sink.progress.move(elsewhere, [{ shard: 3, from: zero, to: at(7n), parked: [] }]);
    await counting.catchUp();
    await expectEachOnce();
    expect(askedWhileWaiting).toBeLessThan(4);
    expect(await sink.progress.parking.list()).toEqual([]);
  });
};

const parkingPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  const parkOne = async (under: ConsumerUnderTest<Tools, Effect>, { consume, append, streams }: Bench<Tools, Effect>) => {
    const [poisoned = ""] = streams;
    await append(poisoned, 2);
    const [poison = ""] = await append(poisoned);
    await append(poisoned, 3);
    const state = { isBroken: true };
    const sink = under.sink();
    const counting = consume({
      sink,
      before: ({ eventId }) => {
        if (eventId === poison && state.isBroken) throw new Error("broken");
        return undefined;
      },
    });
    await counting.start();
    await counting.catchUp();
    return {
      counting,
      state,
      poison,
      stream: { group: "counting", log: under.log.name, streamId: poisoned },
      parking: sink.progress.parking,
    };
  };

  withConsumer("drains a parked stream in order when it is asked to, and then the stream flows again", async (under, bench) => {
    const { counting, state, stream, parking } = await parkOne(under, bench);
    await using _ = counting;
    expect(await under.seen()).toHaveLength(2);
    state.isBroken = false;
    await bench.append(stream.streamId, 2);
    expect(await parking.retry(stream)).toBe(true);
    await until(async () => (await parking.list()).length === 0);
    await bench.append(stream.streamId, 2);
    await counting.catchUp();
    await bench.expectEachOnce();
  });

  withConsumer("parks a stream again that fails again, and loses nothing of it", async (under, bench) => {
    const { counting, state, stream, parking } = await parkOne(under, bench);
    await using _ = counting;
    await parking.retry(stream);
    await until(async () => (await parking.list())[0]?.state === "parked");
    expect((await parking.list())[0]).toMatchObject({ waiting: 4, reason: "Error: broken" });
    state.isBroken = false;
    await parking.retry(stream);
    await until(async () => (await parking.list()).length === 0);
    await bench.expectEachOnce();
  });

  withConsumer("passes over a discarded event, keeps the decision, and goes on behind it", async (under, bench) => {
    const { counting, stream, parking, poison } = await parkOne(under, bench);
    await using _ = counting;
    const decision = { eventId: poison, reason: "sent by a test", by: "operator-7" };
    expect(await parking.discard(stream, decision)).toBe(true);
    expect(await parking.discard(stream, decision)).toBe(false);
    expect((await parking.list())[0]).toMatchObject({ state: "parked", waiting: 3 });
    await parking.retry(stream);
    await until(async () => (await parking.list()).length === 0);
    await bench.append(stream.streamId);
    await counting.catchUp();
    expect((await under.seen()).map(({ version }) => version)).toEqual([1, 2, 4, 5, 6, 7]);
    const [kept] = await parking.inspect(stream);
    expect(kept).toMatchObject({ event: { eventId: poison }, discarded: { reason: "sent by a test", by: "operator-7" } });
  });

  withConsumer("knows its parked streams after a restart", async (under, bench) => {
    const { counting, state, stream, parking } = await parkOne(under, bench);
    await counting.stop();
    state.isBroken = false;
    await bench.append(stream.streamId, 2);
    await using again = bench.consume();
    await again.start();
    await again.catchUp();
    expect(await under.seen()).toHaveLength(2);
    await parking.retry(stream);
    await until(async () => (await parking.list()).length === 0);
    await bench.expectEachOnce();
  });

  withConsumer("stops instead of parking without end, and goes on when there is room", async (under, { consume, append }) => {
    const [shard0, shard1] = twoStreamsOfOneShard(under.log);
    await append(shard0);
    await append(shard1);
    const sink = under.sink();
    let isBroken = true;
    await using counting = consume({
      sink,
      limits: { parkedStreams: 1 },
      before: () => {
        if (isBroken) throw new Error("everything fails");
        return undefined;
      },
    });
    await counting.start();
    const stopped = await until(() => counting.status().shards.find(({ state }) => state === "stopped"));
    expect(stopped).toMatchObject({ cause: "parkingFull", parkedStreams: 1 });
    isBroken = false;
    await sink.progress.parking.retry({ group: "counting", log: under.log.name, streamId: shard0 });
    await counting.catchUp();
    await until(async () => (await under.seen()).length === 2);
  });
};

const twoStreamsOfOneShard = (log: EventLog): [string, string] => {
  const [first, second] = Array.from({ length: 400 }, (_, index) => `pair-${index}`).filter((id) => shardOf(id, log.shards) === 0);
  return [first ?? "", second ?? ""];
};

const sharingPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
  withConsumer(
    "shares its shards with other processes of the group, and takes over those of one that ends",
    async (under, { consume, appendEverywhere, expectEachOnce }) => {
      if (!under.sharedSource) return;
      await using one = consume({ source: under.sharedSource("one") });
      await using other = consume({ source: under.sharedSource("other") });
      await one.start();
      await until(() => one.status().shards.length === 16);
      await other.start();
      await until(() => one.status().shards.length === 8 && other.status().shards.length === 8);
      await appendEverywhere();
      await one.catchUp();
      await other.stop();
      await until(() => one.status().shards.length === 16);
      await appendEverywhere();
      await one.catchUp();
      await expectEachOnce();
    },
  );
};
