import type { EventLog } from "@cartwright/event-log/event-log";
import { shardOf } from "@cartwright/event-log/shard-of";
import { until } from "@cartwright/testkit/until";
import { expect } from "vitest";
import type { Bench, ConsumerUnderTest, WithConsumer } from "./bench-conformance.ts";

export const parkingPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
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
