import { describe, expect, test } from "vitest";
import { partitionOf, shardsIn, topicOf } from "./event-topic.ts";

describe("a log's topic", () => {
  test("is named after the log and the beginning of its epoch, so that a restored log has a fresh one", () => {
    expect(topicOf({ name: "cart", epoch: "3f2a91c7-5d1e-4c39-9d1c-0d4f5f0c2a11" })).toBe("cart.events.3f2a91c7");
    expect(topicOf({ name: "cart", epoch: "3f2a91c8-5d1e-4c39-9d1c-0d4f5f0c2a11" })).not.toBe("cart.events.3f2a91c7");
  });

  test.each([1, 3, 4, 16, 24])("has every shard in exactly one of %i partitions", (partitions) => {
    const all = Array.from({ length: partitions }, (_, number) => shardsIn([number], { shards: 16, partitions })).flat();
    expect(all.toSorted((left, right) => left - right)).toEqual(Array.from({ length: 16 }, (_, shard) => shard));
    expect(shardsIn([0], { shards: 16, partitions }).every((shard) => partitionOf(shard, partitions) === 0)).toBe(true);
  });
});
