import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import { CartView } from "@cartwright/contracts/cart-view";
import type { Currency } from "@cartwright/contracts/currency";
import { CartSnapshot } from "@cartwright/contracts/live-cart";
import { Refusal } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addItem } from "./add-item.ts";
import { cancelCart } from "./cancel-cart.ts";
import { absentCart, type Cart, evolve } from "./cart.ts";
import { cartFromSnapshot, snapshotOf } from "./cart-snapshot.ts";
import { cartId, guest, guestCartId, now, owner, productId, snapshot } from "./cart-spec.ts";
import { clearCart } from "./clear-cart.ts";
import { expireCart } from "./expire-cart.ts";
import { mergeCarts } from "./merge-carts.ts";
import { openCart } from "./open-cart.ts";
import { removeItem } from "./remove-item.ts";
import { setQuantity } from "./set-quantity.ts";
import { undoRemoval } from "./undo-removal.ts";
import { viewOf } from "./view-of.ts";

type Decide = (cart: Cart) => Decision<CartEvent, Refusal>;

const named = (name: string, decide: Decide) => Object.assign(decide, { [fc.toStringMethod]: () => name });

const product = fc.constantFrom("shoes", "hat", "scarf", "belt").map(productId);
const currency = fc.constantFrom<Currency[]>("EUR", "EUR", "EUR", "JPY");
const price = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0, 1, 1_000, 1_100) }, { weight: 1, arbitrary: fc.maxSafeNat() });
const quantity = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
);

const adding = (id: typeof cartId, by: typeof owner, ownerKind: "guest" | "user") =>
  fc
    .record({ productId: product, quantity, unitPrice: fc.record({ amountMinor: price, currency }) })
    .map((item) =>
      named(`add ${JSON.stringify(item)}`, (cart) =>
        addItem({ cartId: id, owner: by, ownerKind, product: snapshot(item.productId), now, ...item }, cart),
      ),
    );

const command = (id: typeof cartId, by: typeof owner, ownerKind: "guest" | "user") =>
  fc.oneof(
    { weight: 6, arbitrary: adding(id, by, ownerKind) },
    {
      weight: 3,
      arbitrary: fc
        .record({ productId: product, quantity: fc.oneof(fc.constant(0), quantity) })
        .map((set) => named(`set ${JSON.stringify(set)}`, (cart) => setQuantity({ cartId: id, now, ...set }, cart))),
    },
    {
      weight: 3,
      arbitrary: product.map((removed) => named(`remove ${removed}`, (cart) => removeItem({ cartId: id, productId: removed, now }, cart))),
    },
    { weight: 3, arbitrary: fc.constant(named("undo", (cart) => undoRemoval({ cartId: id, now }, cart))) },
    { weight: 1, arbitrary: fc.constant(named("clear", (cart) => clearCart({ cartId: id, now }, cart))) },
    {
      weight: 1,
      arbitrary: currency.map((wish) =>
        named(`open in ${wish}`, (cart) => openCart({ cartId: id, owner: by, ownerKind, currency: wish, now }, cart)),
      ),
    },
  );

const closing = fc.constantFrom<Decide[]>(
  named("cancel", (cart) => cancelCart({ cartId, now }, cart)),
  named("expire", (cart) => expireCart({ cartId, idleLimitMs: 0, now }, cart)),
);

/** The events of these commands, each decided on the fold of those before; refusals are checked and pass by. */
const eventsOf = (commands: readonly Decide[]): readonly CartEvent[] => {
  const events: CartEvent[] = [];
  let cart = absentCart;
  for (const decide of commands) {
    const decision = decide(cart);
    if (!decision.accepted) Refusal.parse(decision.refusal);
    else events.push(...decision.events);
    cart = decision.accepted ? decision.events.reduce(evolve, cart) : cart;
  }
  return events;
};

const shopping = fc.array(command(cartId, owner, "user"), { maxLength: 40 });
const guestShopping = fc.array(command(guestCartId, guest, "guest"), { maxLength: 15 });

/** Quantities and prices a product by reading the events one after another, written apart from the domain's own fold. */
const tally = (events: readonly CartEvent[]): Map<string, { quantity: number; each: number }> => {
  const lines = new Map<string, { quantity: number; each: number }>();
  for (const { type, data } of events) {
    if (type === "ItemAddedToCart")
      lines.set(data.productId, { quantity: (lines.get(data.productId)?.quantity ?? 0) + data.quantity, each: data.unitPrice.amountMinor });
    if (type === "ItemQuantitySet") lines.set(data.productId, { quantity: data.to, each: lines.get(data.productId)?.each ?? Number.NaN });
    if (type === "CartItemRepriced")
      lines.set(data.productId, { quantity: lines.get(data.productId)?.quantity ?? Number.NaN, each: data.to.amountMinor });
    if (type === "ItemRemovedFromCart") lines.delete(data.productId);
    if (type === "CartCleared" || type === "CartMergedIntoAnother") lines.clear();
    if (type === "RemovalUndone")
      for (const item of data.items) lines.set(item.productId, { quantity: item.quantity, each: item.unitPrice.amountMinor });
  }
  return lines;
};

const expectConsistent = (events: readonly CartEvent[]) => {
  const cart = events.reduce(evolve, absentCart);
  if (cart.status === "Absent") return expect(events).toEqual([]);

  const view = viewOf(cart, events.length);
  CartView.parse(view);
  const lines = tally(events);
  expect(
    Object.fromEntries(view.items.map((item) => [item.productId, { quantity: item.quantity, each: item.unitPrice.amountMinor }])),
  ).toEqual(Object.fromEntries(lines));
  const total = [...lines.values()].reduce((sum, line) => sum + BigInt(line.quantity) * BigInt(line.each), 0n);
  expect(BigInt(view.totals.total.amountMinor)).toBe(total);
  expect(view.items.reduce((sum, item) => sum + BigInt(item.lineTotal.amountMinor), 0n)).toBe(total);
  expect(view.totals.itemCount).toBe(view.items.reduce((sum, item) => sum + item.quantity, 0));
  expect(view.totals.lineCount).toBe(view.items.length);
  for (const item of view.items) expect(item.quantity >= 1 && item.quantity <= 9_999).toBe(true);
};

const numRuns = 150;

describe("whatever a shopper does", () => {
  test("totals are those that the events tell, lines add up to them and no quantity is below one", () => {
    fc.assert(
      fc.property(shopping, fc.option(closing), (commands, end) => {
        expectConsistent(eventsOf(end ? [...commands, end] : commands));
      }),
      { numRuns },
    );
  });

  test("a replay of the stored events reproduces the state", () => {
    fc.assert(
      fc.property(shopping, fc.option(closing), (commands, end) => {
        const events = eventsOf(end ? [...commands, end] : commands);
        const replayed = events.map((event) => cartEvents.decode(JSON.parse(JSON.stringify(cartEvents.encode(event)))));
        expect(replayed).toEqual([...events]);
        expect(replayed.reduce(evolve, absentCart)).toEqual(events.reduce(evolve, absentCart));
      }),
      { numRuns },
    );
  });

  test("a cart that went over the wire as a snapshot is the same cart, whatever is done to it next", () => {
    const sent = (cart: Cart) => cartFromSnapshot(CartSnapshot.nullable().parse(JSON.parse(JSON.stringify(snapshotOf(cart)))));
    fc.assert(
      fc.property(shopping, shopping, fc.option(closing), (commands, more, end) => {
        let cart = eventsOf(commands).reduce(evolve, absentCart);
        let copy = sent(cart);
        for (const decide of end ? [...more, end] : more) {
          const decision = decide(cart);
          expect(decide(copy)).toEqual(decision);
          const events = decision.accepted ? decision.events : [];
          cart = events.reduce(evolve, cart);
          copy = events.reduce(evolve, copy);
          expect(snapshotOf(copy)).toEqual(snapshotOf(cart));
          expect(sent(copy)).toEqual(sent(cart));
          if (cart.status !== "Absent" && copy.status !== "Absent") expect(viewOf(copy, 1)).toEqual(viewOf(cart, 1));
        }
      }),
      { numRuns },
    );
  });

  test("an undo after a removal leaves the lines as they were before it", () => {
    fc.assert(
      fc.property(shopping, product, fc.boolean(), (commands, removed, all) => {
        const before = eventsOf(commands).reduce(evolve, absentCart);
        const removal = all ? clearCart({ cartId, now }, before) : removeItem({ cartId, productId: removed, now }, before);
        if (!removal.accepted || removal.events.length === 0 || before.status === "Absent") return;
        const without = removal.events.reduce(evolve, before);
        const undo = undoRemoval({ cartId, now }, without);
        if (!undo.accepted) throw new Error(undo.refusal.code);
        const after = undo.events.reduce(evolve, without);
        if (after.status === "Absent") throw new Error("Absent");
        expect(viewOf(after, 1).items).toEqual(viewOf(before, 1).items);
      }),
      { numRuns },
    );
  });

  test("a closed cart accepts nothing that would change it", () => {
    fc.assert(
      fc.property(shopping, closing, shopping, (before, end, after) => {
        const events = eventsOf([...before, end]);
        if (events.length === 0) return;
        expect(eventsOf([...before, end, ...after])).toEqual(events);
      }),
      { numRuns },
    );
  });
});

describe("whatever a guest and a user put into their carts", () => {
  test("a merge loses nothing and invents nothing, or is refused", () => {
    fc.assert(
      fc.property(shopping, guestShopping, (users, guests) => {
        const pasts = [eventsOf(users), eventsOf(guests)] as const;
        const [into, from] = pasts.map((past) => past.reduce(evolve, absentCart));
        if (!into || !from) throw new Error("Two pasts make two carts");
        const merge = mergeCarts({ cartId, fromCartId: guestCartId, owner, contact: null, now }, { into, from });
        if (!merge.accepted) {
          Refusal.parse(merge.refusal);
          return;
        }

        const after = pasts.map((past, stream) => [...past, ...(merge.events[stream] ?? [])]);
        const [merged = [], emptied = []] = after;
        expectConsistent(merged);
        expectConsistent(emptied);
        const counts = (events: readonly CartEvent[]) => [...tally(events)].map(([id, line]) => [id, line.quantity] as const);
        const sum = new Map<string, number>();
        for (const [id, pieces] of pasts.flatMap(counts)) sum.set(id, (sum.get(id) ?? 0) + pieces);
        expect(Object.fromEntries(counts(merged))).toEqual(Object.fromEntries(sum));
        expect(counts(emptied)).toEqual([]);

        const again = after.map((events) => events.reduce(evolve, absentCart));
        if (!again[0] || !again[1]) throw new Error("Two pasts make two carts");
        expect(mergeCarts({ cartId, fromCartId: guestCartId, owner, contact: null, now }, { into: again[0], from: again[1] })).toEqual({
          accepted: true,
          events: [[], []],
        });
      }),
      { numRuns },
    );
  });
});
