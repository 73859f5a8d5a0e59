import { describe, expect, test } from "vitest";
import type { ExistingCart } from "./cart.ts";
import { added, cartId, cleared, closings, eur, given, manyProducts, now, opened, productId, removed } from "./cart-spec.ts";
import { undoRemoval } from "./undo-removal.ts";
import { viewOf } from "./view-of.ts";

const undo = (cart: Parameters<typeof undoRemoval>[1]) => undoRemoval({ cartId, now }, cart);
const item = (product: string, quantity: number) => ({ productId: productId(product), quantity, unitPrice: eur(1_000) });
const undone = (...items: ReturnType<typeof item>[]) => ({ type: "RemovalUndone", data: { cartId, items, undoneAt: now } }) as const;
const nothing = { code: "NothingToUndo" } as const;

describe("undoing a removal", () => {
  test("brings the line back as it was, at its place", () => {
    const undoing = given(opened(), added("shoes", 2), added("hat"), removed("shoes", 2)).when(undo);
    undoing.yields(undone(item("shoes", 2)));
    // The last command left an existing cart.
    const view = viewOf(undoing.leaves() as ExistingCart, 5);
    expect(view.items.map(({ name, quantity, unitPrice }) => [name, quantity, unitPrice])).toEqual([
      ["The shoes", 2, eur(1_000)],
      ["The hat", 1, eur(1_000)],
    ]);
    expect(view).toMatchObject({ totals: { itemCount: 3, lineCount: 2, total: eur(3_000) }, canUndo: false, updatedAt: now });
  });

  test("of a cleared cart brings all of its lines back", () =>
    given(opened(), added("shoes", 2), added("hat"), cleared(2, 3, 3_000))
      .when(undo)
      .yields(undone(item("shoes", 2), item("hat", 1))));

  test("reaches the last removal alone", () => {
    const past = [opened(), added("shoes"), added("hat"), removed("shoes"), removed("hat")];
    given(...past)
      .when(undo)
      .yields(undone(item("hat", 1)));
    given(...past, undone(item("hat", 1)))
      .when(undo)
      .refuses(nothing);
  });

  test("still reaches it after other things have happened", () =>
    given(opened(), added("shoes"), removed("shoes"), added("hat"), added("hat"))
      .when(undo)
      .yields(undone(item("shoes", 1))));

  test("is refused while a product of it is in the cart again, and possible once it is not", () => {
    const past = [opened(), added("shoes"), added("hat"), cleared(2, 2, 2_000), added("hat")];
    given(...past)
      .when(undo)
      .refuses({ code: "BackInCart", productIds: [productId("hat")] });
    given(...past, removed("hat"))
      .when(undo)
      .yields(undone(item("hat", 1)));
  });

  test("is refused where nothing was removed", () => {
    given(opened(), added("shoes")).when(undo).refuses(nothing);
  });

  test("is refused where the cart has no room left", () => {
    given(opened(), added("shoes"), removed("shoes"), ...manyProducts(500))
      .when(undo)
      .refuses({ code: "CartFull", maxDistinctProducts: 500 });
    given(opened(), added("shoes"), removed("shoes"), added("yacht", 1, eur(Number.MAX_SAFE_INTEGER)))
      .when(undo)
      .refuses({ code: "TotalTooLarge", currency: "EUR" });
  });

  test("is refused where there is no cart", () => given().when(undo).refuses({ code: "CartNotFound", cartId }));

  test.each(closings)("is refused once the cart is %s", (status, closing) =>
    given(opened(), added("shoes"), removed("shoes"), closing).when(undo).refuses({ code: "CartClosed", cartId, status }),
  );
});
