import { until } from "@cartwright/testkit/until";
import { expect } from "vitest";
import { unreliableSource } from "../testing/unreliable-source.ts";
import type { WithConsumer } from "./bench-conformance.ts";

export const deliveryPromises = <Tools, Effect>(withConsumer: WithConsumer<Tools, Effect>) => {
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

  withConsumer(
    "begins at the heads where a new group is told to, and at its mark after that",
    async (under, { consume, append, appendEverywhere, streams }) => {
      await appendEverywhere();
      const [streamId = ""] = streams;
      for (const expected of [1, 2]) {
        await using late = consume({ group: "late", startAt: "heads" });
        await late.start();
        await late.catchUp();
        await append(streamId);
        await late.catchUp();
        expect(await under.seen()).toHaveLength(expected);
      }
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
