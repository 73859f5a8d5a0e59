import { describe, expect, test } from "vitest";
import { recorded } from "../testing/events.ts";
import { encodeMessage } from "./event-message.ts";
import { batchesOf, bytesOf, isAcknowledged } from "./topic-producer.ts";

describe("a partition's messages are acknowledged", () => {
  const sent = { topic: "cart.events", partition: 2 };
  const answer = { topicName: "cart.events", partition: 2, errorCode: 0, baseOffset: "17" };

  test("when the answer says so of that partition", () => {
    expect(isAcknowledged([answer], sent)).toBe(true);
    expect(isAcknowledged([{ ...answer, baseOffset: "0" }], sent)).toBe(true);
  });

  test.each([
    ["names no partition", []],
    ["names another one", [{ ...answer, partition: 1 }]],
    ["names another topic", [{ ...answer, topicName: "billing.events" }]],
    ["has an error", [{ ...answer, errorCode: 6 }]],
    ["has no offset", [{ ...answer, baseOffset: "-1" }]],
    ["has no offset at all", [{ topicName: "cart.events", partition: 2, errorCode: 0 }]],
    ["names two", [answer, { ...answer, partition: 3 }]],
  ])("and not when it %s", (_, answers) => {
    expect(isAcknowledged(answers, sent)).toBe(false);
  });
});

describe("messages for a partition", () => {
  const messages = Array.from({ length: 50 }, (_, n) => encodeMessage(recorded({ data: { text: "x".repeat(n * 100) } }), "epoch"));

  test("go in batches that a broker takes, all of them, in their order", () => {
    const batches = batchesOf(messages, 8_000);
    expect(batches.flat()).toEqual(messages);
    expect(batches.length).toBeGreaterThan(10);
    for (const batch of batches) expect(batch.reduce((sum, message) => sum + bytesOf(message), 0)).toBeLessThanOrEqual(8_000);
  });

  test("go alone where they are larger than a batch", () => {
    expect(batchesOf(messages.slice(-3), 1_000).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(batchesOf([])).toEqual([]);
  });
});
