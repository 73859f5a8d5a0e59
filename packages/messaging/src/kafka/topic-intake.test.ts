import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { Kafka } from "kafkajs";
import { describe, expect, test } from "vitest";
import { noMetrics, silentLogger } from "../observability.ts";
import { recorded } from "../testing/events.ts";
import { heldClock } from "../testing/held-clock.ts";
import { encodeMessage } from "./event-message.ts";
import { topicIntake } from "./topic-intake.ts";

/** Whose only partition is paused, and looked at later, once it has taken an event. */
const openPaused = () => {
  const clock = heldClock();
  const log = inMemoryEventLog({ name: "cart" });
  const assigned: (readonly number[])[] = [];
  const intake = topicIntake({
    // Nobody asks it anything here.
    kafka: {} as Kafka,
    log,
    epoch: log.epoch,
    topic: "cart.events",
    groupId: "tests",
    listener: { group: "counting", assign: async (shards) => void assigned.push(shards), wake: () => {} },
    limits: { bufferBytes: 1, unreadMs: 2_000 },
    clock,
    logger: silentLogger,
    metrics: noMetrics,
  });
  const assign = (numbers: readonly number[]) =>
    intake.assigned(numbers, { partitions: 4, controls: { pause: () => {}, resume: () => {}, seek: () => {} } });
  assign([0]);
  intake.take(0, [{ ...encodeMessage(recorded({ shard: 0 }), log.epoch), key: null, timestamp: "0", attributes: 0, offset: "0" }]);
  return { clock, intake, assign, assigned };
};

describe("what comes in from a topic and waits", () => {
  test("is looked at later, while it waits", () => {
    const { clock } = openPaused();
    expect(clock.waiting()).toBe(1);
    clock.advance(60_000);
    expect(clock.waiting()).toBe(1);
  });

  test("is looked at no more when its partition is another's", () => {
    const { clock, assign, assigned } = openPaused();
    assign([1]);
    expect([clock.waiting(), assigned.at(-1)]).toEqual([0, [1, 5, 9, 13]]);
  });

  test("is looked at no more when nothing is ours", () => {
    const { clock, intake } = openPaused();
    intake.close();
    expect(clock.waiting()).toBe(0);
  });
});
