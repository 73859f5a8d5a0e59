import { describe, expect, test } from "vitest";
import { absentCart, evolve } from "./cart.ts";
import { added, addedNow, cartId, earlier, eur, now, opened, productId, removed } from "./cart-spec.ts";

describe("a cart's history", () => {
  test("leaves every earlier state as it was", () => {
    const past = [opened(), added("shoes", 2), added("hat"), removed("shoes", 2)];
    const states = past.map((_, index) => past.slice(0, index + 1).reduce(evolve, absentCart));
    const copies = structuredClone(states);
    for (const state of states) {
      evolve(state, added("shoes"));
      evolve(state, { type: "CartCleared", data: { cartId, lineCount: 1, itemCount: 1, total: eur(1), clearedAt: earlier } });
    }
    expect(states).toEqual(copies);
  });

  test("was last changed at the latest time that it names, whatever clock named it", () => {
    expect([opened(), addedNow("shoes"), added("hat")].reduce(evolve, absentCart)).toMatchObject({ openedAt: earlier, updatedAt: now });
  });

  test("that begins in the middle is a fault", () => {
    expect(() => evolve(absentCart, added("shoes"))).toThrow("ItemAddedToCart happened to a cart that was never opened");
    const set = { type: "ItemQuantitySet", data: { cartId, productId: productId("hat"), from: 1, to: 2, setAt: earlier } } as const;
    expect(() => [opened(), set].reduce(evolve, absentCart)).toThrow(/holds no hat/);
  });
});
