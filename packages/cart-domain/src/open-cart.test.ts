import { describe, expect, test } from "vitest";
import { added, cartId, closings, given, guest, now, opened, owner } from "./cart-spec.ts";
import { type OpenCart, openCart } from "./open-cart.ts";

const open = (change: Partial<OpenCart> = {}) => {
  const command: OpenCart = { cartId, owner, ownerKind: "user", currency: "EUR", now, ...change };
  return (cart: Parameters<typeof openCart>[1]) => openCart(command, cart);
};

describe("opening a cart", () => {
  test("makes an empty cart in one currency", () => {
    const opening = given().when(open());
    opening.yields({ type: "CartOpened", data: { cartId, owner, ownerKind: "user", currency: "EUR", openedAt: now } });
    expect(opening.leaves()).toMatchObject({ status: "Open", owner, currency: "EUR", lines: { count: 0, totalMinor: 0 }, updatedAt: now });
  });

  test("changes nothing when it is open already", () => given(opened(), added("shoes")).when(open()).changesNothing());

  test("is refused in another currency than the cart's", () =>
    given(opened())
      .when(open({ currency: "JPY" }))
      .refuses({ code: "CurrencyMismatch", cart: "EUR", given: "JPY" }));

  test.each(closings)("is refused for ever once it is %s", (status, closing) =>
    given(opened(), closing).when(open()).refuses({ code: "CartClosed", cartId, status }),
  );

  test("does not show somebody else's cart, open or closed", () => {
    given(opened())
      .when(open({ owner: guest }))
      .refuses({ code: "CartNotFound", cartId });
    for (const [, closing] of closings)
      given(opened(), closing)
        .when(open({ owner: guest, currency: "JPY" }))
        .refuses({ code: "CartNotFound", cartId });
  });
});
