import { describe, expect, test } from "vitest";
import { added, addedNow, cartId, closings, earlier, eur, given, now, opened, productId, removed } from "./cart-spec.ts";
import { setQuantity } from "./set-quantity.ts";

const set = (product: string, quantity: number) => (cart: Parameters<typeof setQuantity>[1]) =>
  setQuantity({ cartId, productId: productId(product), quantity, now }, cart);

describe("setting a quantity", () => {
  test("says from what to what", () => {
    const setting = given(opened(), added("shoes", 2)).when(set("shoes", 7));
    setting.yields({ type: "ItemQuantitySet", data: { cartId, productId: productId("shoes"), from: 2, to: 7, setAt: now } });
    expect(setting.leaves()).toMatchObject({ lines: { count: 1, itemCount: 7, totalMinor: 7_000 }, updatedAt: now });
  });

  test("to the present one changes nothing", () => given(opened(), added("shoes", 2)).when(set("shoes", 2)).changesNothing());

  test("to zero removes the line", () => {
    const setting = given(opened(), added("shoes", 2), added("hat")).when(set("shoes", 0));
    setting.yields(removed("shoes", 2, now));
    expect(setting.leaves()).toMatchObject({ lines: { count: 1, itemCount: 1, totalMinor: 1_000 } });
  });

  test.each([0, 1])("to %i of a product that is not in the cart is refused", (quantity) => {
    const refusal = { code: "NotInCart", productId: productId("hat") } as const;
    given(opened(), added("shoes")).when(set("hat", quantity)).refuses(refusal);
    given(opened(), added("hat"), removed("hat")).when(set("hat", quantity)).refuses(refusal);
  });

  test("goes up to 9,999 of one product", () => {
    expect(given(opened(), added("shoes")).when(set("shoes", 9_999)).leaves()).toMatchObject({ lines: { itemCount: 9_999 } });
    given(opened(), added("shoes"))
      .when(set("shoes", 10_000))
      .refuses({ code: "TooManyOfProduct", productId: productId("shoes"), asked: 10_000, max: 9_999 });
  });

  test("is refused where the cart would be worth more than 2^53 − 1", () =>
    given(opened(), added("shoes"), added("yacht", 1, eur(Number.MAX_SAFE_INTEGER - 1_999)))
      .when(set("shoes", 2))
      .refuses({ code: "TotalTooLarge", currency: "EUR" }));

  test("is refused where there is no cart", () => given().when(set("shoes", 1)).refuses({ code: "CartNotFound", cartId }));

  test.each(closings)("is refused once the cart is %s", (status, closing) =>
    given(opened(), added("shoes"), closing).when(set("shoes", 2)).refuses({ code: "CartClosed", cartId, status }),
  );

  test("that happened by an earlier clock does not make the cart younger", () => {
    const before = { type: "ItemQuantitySet", data: { cartId, productId: productId("shoes"), from: 1, to: 2, setAt: earlier } } as const;
    expect(given(opened(), addedNow("shoes"), before).when(set("shoes", 2)).leaves()).toMatchObject({ updatedAt: now });
  });
});
