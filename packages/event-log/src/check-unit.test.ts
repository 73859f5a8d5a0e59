import { expect, test } from "vitest";
import { checkUnit, maxEventBytes } from "./check-unit.ts";
import { AppendRejected } from "./errors.ts";
import type { AppendUnit, JsonObject } from "./event-log.ts";

const unitWith = (text: string, metadata: JsonObject = {}): AppendUnit => {
  const event = { eventId: crypto.randomUUID(), type: "Said", schemaVersion: 1, data: { text }, metadata };
  return {
    commands: [{ key: "a-key", fingerprint: "a-fingerprint", eventCount: 1 }],
    streams: [{ streamId: "cart-1", expect: "any", events: [event] }],
  };
};
const around = JSON.stringify({ text: "" }).length + JSON.stringify({}).length;

test.each([
  ["a", 1],
  ["\u00e9", 2],
  ["\u5e45", 3],
  ["\u{1f6d2}", 4],
])("an event of %s is taken up to the most bytes that one may have, and not beyond", (letter, bytes) => {
  const most = Math.floor((maxEventBytes - around) / bytes);
  const rest = "x".repeat(maxEventBytes - around - most * bytes);
  const full = letter.repeat(most) + rest;
  expect(() => checkUnit(unitWith(full))).not.toThrow();
  expect(() => checkUnit(unitWith(`${full}x`))).toThrow(AppendRejected);
  expect(() => checkUnit(unitWith(full, { a: 1 }))).toThrow("Said is larger than 1000000 bytes");
});
