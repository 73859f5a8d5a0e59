import { describe, expect, test } from "vitest";
import { recorded } from "../testing/events.ts";
import { shardBuffers } from "./shard-buffers.ts";

const open = () => {
  let now = 0;
  const buffers = shardBuffers(() => now);
  buffers.hold([0, 4, 8]);
  const add = (shard: number, position: bigint, offset = position) => {
    if (!buffers.wants(shard, position)) return false;
    buffers.add({ event: recorded({ shard, position }), offset, bytes: 100 });
    return true;
  };
  const read = (shard: number, after: bigint, limit = 10) => buffers.read([{ shard, after }], limit).map(({ position }) => position);
  return { buffers, add, read, pass: (ms: number) => (now += ms) };
};

describe("what has come in from a topic", () => {
  test("is read in order above the cursor, and stays until the cursor has passed it", () => {
    const { add, read, buffers } = open();
    for (const position of [1n, 2n, 3n, 4n]) add(0, position);
    expect(read(0, 0n, 2)).toEqual([1n, 2n]);
    expect(read(0, 0n, 2)).toEqual([1n, 2n]);
    expect(read(0, 3n)).toEqual([4n]);
    expect(buffers.bytes([0])).toBe(100);
    expect(read(0, 4n)).toEqual([]);
    expect(buffers.bytes([0, 4, 8])).toBe(0);
  });

  test("is put in order, and kept once", () => {
    const { add, read } = open();
    for (const position of [5n, 2n, 9n, 2n, 3n, 5n, 1n]) add(0, position);
    expect(read(0, 0n)).toEqual([1n, 2n, 3n, 5n, 9n]);
  });

  test("is not kept when it is settled already, or another's", () => {
    const { add, read } = open();
    read(0, 7n);
    expect(add(0, 7n)).toBe(false);
    expect(add(0, 8n)).toBe(true);
    expect(add(1, 1n)).toBe(false);
  });

  test("is given up with its shard, and what is still held stays", () => {
    const { add, read, buffers } = open();
    add(0, 1n);
    add(4, 1n);
    buffers.hold([4, 5]);
    expect(read(0, 0n)).toEqual([]);
    expect(read(4, 0n)).toEqual([1n]);
    expect(add(5, 1n)).toBe(true);
  });

  test("says which offset is needed again, however the shards are mixed", () => {
    const { add, read, buffers } = open();
    expect(buffers.leastOffset([0, 4])).toBeNull();
    add(0, 1n, 100n);
    add(4, 1n, 101n);
    add(0, 2n, 102n);
    expect(buffers.leastOffset([0, 4])).toBe(100n);
    read(0, 1n);
    expect(buffers.leastOffset([0, 4])).toBe(101n);
    read(4, 1n);
    expect(buffers.leastOffset([0, 4])).toBe(102n);
  });
});

describe("a shard that nobody reads", () => {
  test("is passed over while its neighbours are read, and taken again when it is", () => {
    const { add, read, buffers, pass } = open();
    for (const shard of [0, 4, 8]) add(shard, 1n);
    pass(5_000);
    read(0, 0n);
    read(4, 0n);
    expect(buffers.skipUnread([0, 4, 8], 1_000)).toEqual([8]);
    expect(add(8, 2n)).toBe(false);
    expect(buffers.bytes([0, 4, 8])).toBe(200);
    expect(read(8, 0n)).toEqual([]);
    expect(add(8, 3n)).toBe(true);
  });

  test("keeps what it has while none is read: the consumer waits for something", () => {
    const { add, buffers, pass } = open();
    for (const shard of [0, 4, 8]) add(shard, 1n);
    pass(5_000);
    expect(buffers.skipUnread([0, 4, 8], 1_000)).toEqual([]);
    expect(buffers.bytes([0, 4, 8])).toBe(300);
  });
});
