import type { EventLog } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { expect, test } from "vitest";
import type { Projection } from "./projection.ts";
import { projectionLag } from "./projection-lag.ts";

const appendedAt = new Date("2026-01-31T09:30:00.000Z");

const logOf = async (streams: readonly string[]): Promise<EventLog> => {
  const log = inMemoryEventLog({ name: "cart", shards: 2, now: () => appendedAt });
  for (const streamId of streams) {
    await log.append({
      commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: 1 }],
      streams: [
        { streamId, expect: "any", events: [{ eventId: crypto.randomUUID(), type: "T", schemaVersion: 1, data: {}, metadata: {} }] },
      ],
    });
  }
  return log;
};

const projectionAt = (log: EventLog, marks: readonly bigint[]): Projection => ({
  name: "cart-view",
  log,
  consumer: {
    lag: async () =>
      (await log.heads()).heads.map((head, shard) => ({ shard, head, mark: marks[shard] ?? 0n, lag: head - (marks[shard] ?? 0n) })),
    status: () => ({ group: "projector.cart-view", log: "cart", running: true, shards: [] }),
  },
});

test("a projection is behind by the events above its marks, since the oldest of them was recorded", async () => {
  const log = await logOf(Array.from({ length: 20 }, (_, index) => `cart-${index}`));
  const [first = 0n, second = 0n] = (await log.heads()).heads;
  const now = new Date(appendedAt.getTime() + 1_500);
  expect(await projectionLag(projectionAt(log, [first, second - 3n]), now)).toEqual({
    projection: "cart-view",
    log: "cart",
    events: 3,
    seconds: 1.5,
    shards: [
      { shard: 0, head: first, mark: first, events: 0, seconds: 0 },
      { shard: 1, head: second, mark: second - 3n, events: 3, seconds: 1.5 },
    ],
  });
});

test("one that shows everything is not behind at all", async () => {
  const log = await logOf(["cart-1"]);
  const lag = await projectionLag(projectionAt(log, (await log.heads()).heads), new Date(appendedAt.getTime() + 60_000));
  expect(lag).toMatchObject({ events: 0, seconds: 0 });
});

test("a clock behind the log's makes no time before now", async () => {
  const log = await logOf(["cart-1"]);
  expect(await projectionLag(projectionAt(log, []), new Date(0))).toMatchObject({ events: 1, seconds: 0 });
});
