import { describe, expect, test } from "vitest";
import { added, cartId, closings, given, now, opened, productId, removed } from "./cart-spec.ts";
import { removeItem } from "./remove-item.ts";

const remove = (product: string) => (cart: Parameters<typeof removeItem>[1]) =>
  removeItem({ cartId, productId: productId(product), now }, cart);

describe("removing an item", () => {
  test("takes the whole line out", () => {
    const removing = given(opened(), added("shoes", 3), added("hat")).when(remove("shoes"));
    removing.yields(removed("shoes", 3, now));
    expect(removing.leaves()).toMatchObject({ lines: { count: 1, itemCount: 1, totalMinor: 1_000 }, updatedAt: now });
  });

  test("that is not there changes nothing", () => {
    given(opened()).when(remove("shoes")).changesNothing();
    given(opened(), added("shoes"), removed("shoes")).when(remove("shoes")).changesNothing();
  });

  test("is refused where there is no cart", () => given().when(remove("shoes")).refuses({ code: "CartNotFound", cartId }));

  test.each(closings)("is refused once the cart is %s", (status, closing) =>
    given(opened(), added("shoes"), closing).when(remove("shoes")).refuses({ code: "CartClosed", cartId, status }),
  );
});
