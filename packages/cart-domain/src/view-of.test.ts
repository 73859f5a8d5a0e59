import { CartView } from "@cartwright/contracts/cart-view";
import { describe, expect, test } from "vitest";
import { absentCart, type ExistingCart, evolve } from "./cart.ts";
import { added, cartId, cleared, closings, earlier, eur, guestCartId, opened, owner, productId, removed, snapshot } from "./cart-spec.ts";
import { viewOf } from "./view-of.ts";

// Each past here begins with an opening.
const viewed = (...past: Parameters<typeof evolve>[1][]) => viewOf(past.reduce(evolve, absentCart) as ExistingCart, past.length);

describe("the view of a cart", () => {
  test("shows lines, their totals and the cart's", () => {
    const view = viewed(opened(), added("shoes", 2), added("hat", 1, eur(499)));
    expect(view).toEqual({
      cartId,
      version: 3,
      status: "Open",
      owner,
      ownerKind: "user",
      currency: "EUR",
      items: [
        { productId: productId("shoes"), ...snapshot("shoes"), quantity: 2, unitPrice: eur(1_000), lineTotal: eur(2_000) },
        { productId: productId("hat"), ...snapshot("hat"), quantity: 1, unitPrice: eur(499), lineTotal: eur(499) },
      ],
      totals: { itemCount: 3, lineCount: 2, total: eur(2_499) },
      canUndo: false,
      mergedInto: null,
      checkout: null,
      coupons: [],
      hasContact: false,
      order: null,
      openedAt: earlier,
      updatedAt: earlier,
    });
    expect(CartView.parse(view)).toEqual(view);
  });

  test("says whether an undo would bring lines back", () => {
    expect(viewed(opened(), added("shoes")).canUndo).toBe(false);
    expect(viewed(opened(), added("shoes"), removed("shoes")).canUndo).toBe(true);
    expect(viewed(opened(), added("shoes"), removed("shoes"), added("shoes")).canUndo).toBe(false);
    expect(viewed(opened(), added("shoes"), cleared(1, 1, 1_000)).canUndo).toBe(true);
    for (const [, closing] of closings) expect(viewed(opened(), added("shoes"), removed("shoes"), closing).canUndo).toBe(false);
  });

  test.each(closings)("shows that it is %s", (status, closing) => {
    const view = viewed(opened(), added("shoes"), closing);
    const moved = status === "Merged";
    expect(view).toMatchObject({ status, mergedInto: moved ? guestCartId : null, totals: { itemCount: moved ? 0 : 1 } });
    expect(CartView.safeParse(view).success).toBe(true);
  });
});
