import { describe, expect, test } from "vitest";
import { recorded } from "../testing/events.ts";
import { heldClock } from "../testing/held-clock.ts";
import { backPressure, type Partition } from "./back-pressure.ts";
import { shardBuffers } from "./shard-buffers.ts";

/** One partition with two shards, which is paused beyond 100 bytes. */
const open = () => {
  const clock = heldClock();
  const buffers = shardBuffers(() => clock.now().getTime());
  buffers.hold([0, 4]);
  const partition: Partition = { number: 0, shards: [0, 4], next: null, isPaused: false, isUnplaced: false };
  const wishes: string[] = [];
  const skipped: number[] = [];
  const pressure = backPressure({
    buffers,
    limits: { bufferBytes: 100, unreadMs: 2_000 },
    clock,
    controls: { pause: () => void wishes.push("pause"), resume: () => void wishes.push("resume"), seek: () => {} },
    isCurrent: () => true,
    onSkipped: (shards) => skipped.push(...shards),
  });
  return {
    clock,
    pressure,
    wishes,
    skipped,
    take(shard: number, position: bigint) {
      buffers.add({ event: recorded({ shard, position }), offset: position, bytes: 200 });
      pressure.afterTaking(partition);
    },
    read(shard: number, after: bigint) {
      buffers.read([{ shard, after }], 10);
      pressure.afterReading(partition);
    },
  };
};

describe("a partition whose shards have enough to do", () => {
  test("is paused, and resumed when that is read, and nothing more is to be looked at", () => {
    const { clock, wishes, take, read } = open();
    take(0, 1n);
    expect([wishes, clock.waiting()]).toEqual([["pause"], 1]);
    read(0, 1n);
    expect([wishes, clock.waiting()]).toEqual([["pause", "resume"], 0]);
  });

  test("is looked at once at a time, however often it is paused", () => {
    const { clock, take, read } = open();
    for (let position = 1n; position < 10n; position++) {
      take(0, position);
      if (position < 9n) read(0, position);
    }
    expect(clock.waiting()).toBe(1);
  });

  test("is resumed without a shard that stands still while the other one is read", () => {
    const { clock, wishes, skipped, take, read } = open();
    take(4, 1n);
    clock.advance(1_500);
    read(0, 0n);
    clock.advance(500);
    expect([wishes, skipped]).toEqual([["pause"], []]);
    clock.advance(1_000);
    read(0, 0n);
    clock.advance(1_000);
    expect([wishes, skipped, clock.waiting()]).toEqual([["pause", "resume"], [4], 0]);
  });

  test("is looked at no more when it is another's", () => {
    const { clock, pressure, wishes, take } = open();
    take(0, 1n);
    pressure.end();
    expect([wishes, clock.waiting()]).toEqual([["pause"], 0]);
  });
});
