import { absentCart, evolve } from "@cartwright/cart-domain/cart";
import { viewOf } from "@cartwright/cart-domain/view-of";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import { CartId } from "@cartwright/contracts/ids";
import type { CartViewRecord } from "@cartwright/read-model/cart-view-writer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { eventsOfSteps, type ShoppingStep } from "../testing/shopping.ts";
import { cartOf, recordOf } from "./cart-view-record.ts";

const cartId = CartId.parse("00000000-0000-4000-8000-000000000001");
const stored = (record: CartViewRecord): CartViewRecord => JSON.parse(JSON.stringify(record));

const recordAfter = (events: readonly CartEvent[]): CartViewRecord => {
  const cart = events.reduce(evolve, absentCart);
  if (cart.status === "Absent") throw new Error("the first event opens the cart");
  return recordOf(cart, events.length);
};

test("a cart that was stored goes on as if it had been folded in one go, from any version", () => {
  const step: fc.Arbitrary<ShoppingStep> = fc.tuple(fc.nat(), fc.nat(20), fc.nat(1_000));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(), (steps, at) => {
      const events = eventsOfSteps(cartId, steps);
      if (events.length === 0) return;
      const before = 1 + (at % events.length);
      const resumed = events.slice(before).reduce(evolve, cartOf(stored(recordAfter(events.slice(0, before)))));
      if (resumed.status === "Absent") throw new Error("a cart is never gone");
      expect(recordOf(resumed, events.length)).toEqual(recordAfter(events));
      expect(viewOf(resumed, events.length)).toEqual(recordAfter(events).view);
    }),
    { numRuns: 300 },
  );
});

/** Rows in this shape are read by every release until the projection has a new name and a table of its own. */
test("what is stored keeps its shape", () => {
  const add = (product: number): ShoppingStep => [0, product, 0];
  const remove = (product: number): ShoppingStep => [1, product, 0];
  const money = { amountMinor: 1_000, currency: "EUR" };
  const at = "2026-01-31T09:00:00.000Z";
  expect(stored(recordAfter(eventsOfSteps(cartId, [add(0), add(1), add(2), remove(1)])))).toEqual({
    view: {
      cartId,
      version: 5,
      status: "Open",
      owner: "user-123",
      ownerKind: "user",
      currency: "EUR",
      items: [0, 2].map((product) => ({
        productId: `prod-${product}`,
        name: `Nº prod-${product}`,
        category: null,
        image: null,
        quantity: 1,
        unitPrice: money,
        lineTotal: money,
      })),
      totals: { itemCount: 2, lineCount: 2, total: { amountMinor: 2_000, currency: "EUR" } },
      canUndo: true,
      mergedInto: null,
      checkout: null,
      coupons: [],
      hasContact: false,
      order: null,
      openedAt: at,
      updatedAt: "2026-01-31T09:00:00.001Z",
    },
    remainder: {
      ordinals: [0, 2],
      nextOrdinal: 3,
      lastRemoval: [
        { productId: "prod-1", product: { name: "Nº prod-1", category: null, image: null }, quantity: 1, unitPrice: money, ordinal: 1 },
      ],
      checkout: null,
      contact: null,
    },
  } as never);
});

test("a row that was written before there were checkouts is read as one of a cart without any", () => {
  const { view, remainder } = recordAfter(eventsOfSteps(cartId, [[0, 0, 0]]));
  const without = (record: object) => Object.fromEntries(Object.entries(record).filter(([name]) => name !== "checkout"));
  const old = { view: without(view), remainder: without(remainder as object) } as never;
  expect(cartOf(old)).toMatchObject({ status: "Open", checkout: null });
});
