import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { notificationIdOf, notificationStreamId } from "@cartwright/contracts/notification-events";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { expect, test } from "vitest";
import { notificationModel } from "../notifications/notification.ts";
import { handlersOf } from "./follow-cart.ts";

const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const checkoutId = checkoutIdOf(cartId, 1);
const orderId = orderIdOf(checkoutId);
const placedAt = Instant.parse("2026-01-31T09:45:00.000Z");

const ada = SubjectId.parse("user-ada");

const placed = (totalMinor: number): Extract<CartEvent, { type: "OrderPlaced" }> => {
  const total = { amountMinor: totalMinor, currency: "EUR" } as const;
  return {
    type: "OrderPlaced",
    data: {
      ...{ cartId, checkoutId, orderId, paymentId: paymentIdOf(checkoutId), owner: ada, ownerKind: "user" },
      ...{
        lines: [],
        totals: { subtotal: total, discount: total, shipping: total, tax: total, total },
        contact: null,
        shipTo: null,
        placedAt,
      },
    },
  };
};

/** What is asked of notification once it was told of this event, a second time too. */
const toldAfter = async (event: CartEvent) => {
  const log = inMemoryEventLog({ name: "notification", now: () => new Date(placedAt) });
  const handler = commandHandler({ log, model: notificationModel });
  const handlers = handlersOf({ handler, memory: { drop: () => {} }, now: () => new Date(placedAt) });
  const react = handlers[event.type];
  if (typeof react !== "function") throw new TypeError("it is handled one by one");
  for (const position of [7n, 7n, 8n]) {
    const recorded = { eventId: `00000000-0000-4000-8000-00000000000${position}`, shard: 3, position, metadata: {} };
    await react(event as never, { recorded, key: `notification.orders:cart:e:3:${position}`, log: "cart", epoch: "e" } as never);
  }
  return log.readStream(notificationStreamId(notificationIdOf({ kind: "order-paid", channel: "email", about: orderId })));
};

test.each([
  ["that costs nothing is told of at once, however often it comes, since no payment will", 0, 1],
  ["that is to be paid is told of once it is", 1_000, 0],
])("an order %s", async (_which, totalMinor, expected) => {
  const events = await toldAfter(placed(totalMinor));
  expect(events).toHaveLength(expected);
  for (const { data } of events) expect(data).toMatchObject({ recipient: "user-ada", facts: { orderId, amount: { amountMinor: 0 } } });
});

test.each([
  ["whoever has paid is thanked, once", ada, 1],
  ["nobody is thanked for an order that was cancelled while its money was taken", null, 0],
])("%s", async (_which, owner, expected) => {
  const paidTotal = { amountMinor: 1_000, currency: "EUR" } as const;
  const ids = { cartId, checkoutId, orderId, paymentId: paymentIdOf(checkoutId) };
  const events = await toldAfter({ type: "OrderPaid", data: { ...ids, owner, contact: null, paidTotal, paidAt: placedAt } });
  expect(events.filter(({ type }) => type === "NotificationRequested")).toHaveLength(expected);
  if (expected === 0) expect(events).toEqual([]);
});
