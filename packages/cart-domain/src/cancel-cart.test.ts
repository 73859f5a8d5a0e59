import { describe, expect, test } from "vitest";
import { cancelCart } from "./cancel-cart.ts";
import { added, cartId, closings, given, now, opened } from "./cart-spec.ts";

const cancel = (cart: Parameters<typeof cancelCart>[1]) => cancelCart({ cartId, now }, cart);

describe("cancelling a cart", () => {
  test("closes it and keeps what it held for those who look back", () => {
    const cancelling = given(opened(), added("shoes", 2)).when(cancel);
    cancelling.yields({ type: "CartCancelled", data: { cartId, cancelledAt: now } });
    expect(cancelling.leaves()).toMatchObject({ status: "Cancelled", lines: { itemCount: 2 }, updatedAt: now });
  });

  test("is refused where there is no cart", () => given().when(cancel).refuses({ code: "CartNotFound", cartId }));

  test.each(closings)("that is %s already", (status, closing) => {
    const cancelling = given(opened(), closing).when(cancel);
    if (status === "Cancelled") cancelling.changesNothing();
    else cancelling.refuses({ code: "CartClosed", cartId, status });
  });
});
