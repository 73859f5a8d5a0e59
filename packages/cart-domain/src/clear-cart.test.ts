import { describe, expect, test } from "vitest";
import { added, cartId, closings, eur, given, now, opened } from "./cart-spec.ts";
import { clearCart } from "./clear-cart.ts";

const clear = (cart: Parameters<typeof clearCart>[1]) => clearCart({ cartId, now }, cart);

describe("clearing a cart", () => {
  test("takes every line out and says what it was worth", () => {
    const clearing = given(opened(), added("shoes", 3), added("hat")).when(clear);
    clearing.yields({ type: "CartCleared", data: { cartId, lineCount: 2, itemCount: 4, total: eur(4_000), clearedAt: now } });
    expect(clearing.leaves()).toMatchObject({ status: "Open", lines: { count: 0, itemCount: 0, totalMinor: 0 }, updatedAt: now });
  });

  test("that is empty changes nothing", () => given(opened()).when(clear).changesNothing());

  test("is refused where there is no cart", () => given().when(clear).refuses({ code: "CartNotFound", cartId }));

  test.each(closings)("is refused once it is %s", (status, closing) =>
    given(opened(), added("shoes"), closing).when(clear).refuses({ code: "CartClosed", cartId, status }),
  );
});
