import { CartSnapshot } from "@cartwright/contracts/live-cart";
import { expect, test } from "vitest";
import { absentCart, evolve } from "./cart.ts";
import { cartFromSnapshot, snapshotOf } from "./cart-snapshot.ts";
import { added, earlier, opened, removed } from "./cart-spec.ts";

const shopped = [opened(), added("shoes", 2), added("hat"), added("scarf"), removed("shoes", 2)].reduce(evolve, absentCart);

test("a snapshot tells the lines in their order and what an undo would bring back", () => {
  expect(CartSnapshot.parse(snapshotOf(shopped))).toMatchObject({
    status: "Open",
    lines: [
      { productId: "hat", quantity: 1, ordinal: 1 },
      { productId: "scarf", quantity: 1, ordinal: 2 },
    ],
    lastRemoval: [{ productId: "shoes", quantity: 2, ordinal: 0 }],
    nextOrdinal: 3,
    updatedAt: earlier,
  });
});

test("a cart that is not there yet is none", () => {
  expect(snapshotOf(absentCart)).toBe(null);
  expect(cartFromSnapshot(null)).toBe(absentCart);
});

test("what a newer service tells besides is passed over", () => {
  const snapshot = snapshotOf(shopped);
  expect(CartSnapshot.parse({ ...snapshot, loyalty: 1 })).toEqual(CartSnapshot.parse(snapshot));
});
