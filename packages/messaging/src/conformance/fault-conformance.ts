import { until } from "@cartwright/testkit/until";
import { expect } from "vitest";
import { notYet } from "../handlers.ts";
import { DependencyAway, type WithConsumer } from "./bench-conformance.ts";

export const faultPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
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
