import { cartStreamId } from "@cartwright/contracts/cart-events";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { expect, test } from "vitest";
import { aCartId, asNew, eventsOfSteps } from "../testing/shopping.ts";
import { compareCartViews } from "./compare-cart-views.ts";

const changedAt = new Date("2026-01-31T09:30:00.000Z");
const before = new Date("2026-01-31T09:29:59.999Z");
const after = new Date("2026-01-31T09:30:00.001Z");

/** A cart, and a store that has all its events and no view of it. */
const bench = async () => {
  const log = inMemoryEventLog({ name: "cart", now: () => changedAt });
  const cartId = aCartId();
  const events = eventsOfSteps(cartId, [[0, 1, 1]]).map(asNew);
  await log.append({
    commands: [{ key: "k", fingerprint: "a test", eventCount: events.length }],
    streams: [{ streamId: cartStreamId(cartId), expect: "noStream", events }],
  });
  const snapshot = {
    read: async () => ({ position: 99n, kept: new Map([[cartId, { view: null, lists: null }]]) }),
    async *everyCart() {},
  };
  return { cartId, events, compare: (keptSince?: Date) => compareCartViews({ log, snapshot, ...(keptSince && { keptSince }) }) };
};

test("a view that is missing is a difference, unless nothing has happened to the cart for as long as views are kept", async () => {
  const { cartId, events, compare } = await bench();
  const missing = { compared: 1, differences: [{ of: cartId, reason: `version ${events.length} is not shown` }] };
  expect(await compare()).toEqual(missing);
  expect(await compare(before)).toEqual(missing);
  expect(await compare(after)).toEqual({ compared: 1, differences: [] });
});
