import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import type { MarkMove } from "./progress.ts";
import { appendEvents } from "./testing/events.ts";
import { heldClock } from "./testing/held-clock.ts";

const streamId = "cart-1";

/** A group that counts, on a log on which other things happen, too. */
const open = () => {
  const log = inMemoryEventLog({ name: "cart" });
  const clock = heldClock();
  const progress = inMemoryProgress();
  const moved: MarkMove[] = [];
  const away = { is: false };
  const move: typeof progress.move = async (of, moves) => {
    if (away.is) throw Object.assign(new Error("the store is away"), { retryable: true });
    moved.push(...moves);
    return progress.move(of, moves);
  };
  const consume = () =>
    consumer({
      group: "counting",
      log,
      clock,
      source: logSource({ log }),
      sink: appendSink({ progress: { ...progress, move } }),
      handlers: { Counted: async () => undefined },
      limits: { headsMs: 600_000 },
      random: () => 1,
    });
  const counting = consume();
  const passes = async (count: number) => {
    await appendEvents(log, { streamId, count, type: "SomethingElse" });
    const { length } = await log.readStream(streamId);
    await until(() => counting.status().shards.some(({ mark }) => mark.position === BigInt(length)));
  };
  const stored = async () => {
    const marks = await progress.marks({ group: "counting", log: "cart" });
    return [...marks.values()].reduce((sum, { position }) => sum + position, 0n);
  };
  return { log, clock, counting, consume, moved, away, passes, stored };
};

describe("the mark of what concerns nobody", () => {
  test("is stored after a while, once for all that passed meanwhile", async () => {
    const { counting, clock, moved, passes, stored } = open();
    await using _ = counting;
    await counting.start();
    for (let time = 0; time < 5; time++) await passes(3);
    expect(moved).toEqual([]);
    clock.advance(1_000);
    await until(async () => (await stored()) === 15n);
    expect(moved).toHaveLength(1);
  });

  test("is stored with the next effect", async () => {
    const { log, counting, moved, passes, stored } = open();
    await using _ = counting;
    await counting.start();
    await passes(3);
    await appendEvents(log, { streamId });
    await until(async () => (await stored()) === 4n);
    expect(moved.map(({ from, to }) => [from.position, to.position])).toEqual([[0n, 4n]]);
  });

  test("is stored when the consumer stops, and when somebody waits until it has caught up", async () => {
    const { counting, consume, passes, stored } = open();
    await counting.start();
    await passes(3);
    await counting.stop();
    expect(await stored()).toBe(3n);
    await using next = consume();
    await next.start();
    await next.catchUp();
    expect(await stored()).toBe(3n);
  });

  test("waits while the store is away", async () => {
    const { counting, clock, away, passes, stored } = open();
    await using _ = counting;
    await counting.start();
    await passes(3);
    away.is = true;
    clock.advance(1_000);
    await until(() => counting.status().shards.some(({ state }) => state === "retrying"));
    away.is = false;
    clock.advance(60_000);
    await until(async () => (await stored()) === 3n);
  });

  test("that another process has moved is the one that counts", async () => {
    const { counting, consume, clock, passes, stored } = open();
    await using _ = counting;
    await counting.start();
    await passes(3);
    await using other = consume();
    await other.start();
    await other.catchUp();
    expect(await stored()).toBe(3n);
    clock.advance(1_000);
    await passes(2);
    await counting.catchUp();
    expect(await stored()).toBe(5n);
  });
});
