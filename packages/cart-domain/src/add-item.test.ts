import { describe, expect, test } from "vitest";
import { type AddItem, addItem } from "./add-item.ts";
import {
  added,
  addedNow,
  cartId,
  closings,
  eur,
  given,
  guest,
  manyProducts,
  now,
  opened,
  owner,
  productId,
  snapshot,
} from "./cart-spec.ts";
import { allLines } from "./lines.ts";
import { viewOf } from "./view-of.ts";

const largest = Number.MAX_SAFE_INTEGER;

const add = (product: string, quantity = 1, change: Partial<AddItem> = {}) => {
  const command: AddItem = {
    cartId,
    owner,
    ownerKind: "user",
    productId: productId(product),
    product: snapshot(product),
    quantity,
    unitPrice: eur(1_000),
    now,
    ...change,
  };
  return (cart: Parameters<typeof addItem>[1]) => addItem(command, cart);
};

describe("adding an item", () => {
  test("opens the cart where there is none, in the currency of the price", () =>
    given()
      .when(add("shoes", 2, { owner: guest, ownerKind: "guest", unitPrice: { amountMinor: 90, currency: "JPY" } }))
      .yields(
        { type: "CartOpened", data: { cartId, owner: guest, ownerKind: "guest", currency: "JPY", openedAt: now } },
        addedNow("shoes", 2, { amountMinor: 90, currency: "JPY" }),
      ));

  test("keeps the product as the shopper saw it", () => {
    const product = { name: "Red shoes", category: "Shoes", image: "/red.webp" };
    const cart = given(opened())
      .when(add("shoes", 2, { product }))
      .leaves();
    expect(cart).toMatchObject({ lines: { count: 1, itemCount: 2, totalMinor: 2_000 }, updatedAt: now });
    if (cart.status !== "Absent") expect(allLines(cart.lines)).toMatchObject([{ product, quantity: 2, unitPrice: eur(1_000) }]);
  });

  test("adds to the quantity of a product that is in the cart", () => {
    const adding = given(opened(), added("shoes", 2)).when(add("shoes", 3));
    adding.yields(addedNow("shoes", 3));
    expect(adding.leaves()).toMatchObject({ lines: { count: 1, itemCount: 5, totalMinor: 5_000 } });
  });

  test("reprices the whole line in the open when the list price has changed", () => {
    const adding = given(opened(), added("shoes", 2)).when(add("shoes", 1, { unitPrice: eur(1_100) }));
    adding.yields(
      { type: "CartItemRepriced", data: { cartId, productId: productId("shoes"), from: eur(1_000), to: eur(1_100), repricedAt: now } },
      addedNow("shoes", 1, eur(1_100)),
    );
    expect(adding.leaves()).toMatchObject({ lines: { totalMinor: 3_300 } });
  });

  test("leaves the prices of other lines alone", () =>
    expect(
      given(opened(), added("shoes"))
        .when(add("hat", 1, { unitPrice: eur(500) }))
        .leaves(),
    ).toMatchObject({ lines: { totalMinor: 1_500 } }));

  test("shows lines in the order in which they were first put in", () => {
    const cart = given(opened(), added("shoes"), added("hat"), added("scarf"), added("shoes")).when(add("belt")).leaves();
    if (cart.status === "Absent") throw new Error("The cart is open");
    expect(viewOf(cart, 6).items.map((item) => item.name)).toEqual(["The shoes", "The hat", "The scarf", "The belt"]);
  });

  test("is refused in another currency than the cart's", () =>
    given(opened())
      .when(add("shoes", 1, { unitPrice: { amountMinor: 1, currency: "JPY" } }))
      .refuses({ code: "CurrencyMismatch", cart: "EUR", given: "JPY" }));

  test("goes up to 9,999 of one product", () => {
    given(opened(), added("shoes", 9_998)).when(add("shoes")).yields(addedNow("shoes"));
    given(opened(), added("shoes", 9_999))
      .when(add("shoes"))
      .refuses({ code: "TooManyOfProduct", productId: productId("shoes"), asked: 10_000, max: 9_999 });
    given()
      .when(add("shoes", 10_000))
      .refuses({ code: "TooManyOfProduct", productId: productId("shoes"), asked: 10_000, max: 9_999 });
  });

  test("goes up to 500 different products, and then to more of those", () => {
    const full = [opened(), ...manyProducts(500)];
    given(...full.slice(0, -1))
      .when(add("shoes"))
      .yields(addedNow("shoes"));
    given(...full)
      .when(add("shoes"))
      .refuses({ code: "CartFull", maxDistinctProducts: 500 });
    given(...full)
      .when(add("product-7"))
      .yields(addedNow("product-7"));
  });

  test("is refused where the line or the cart would be worth more than 2^53 − 1", () => {
    given()
      .when(add("yacht", 1, { unitPrice: eur(largest) }))
      .leaves();
    given()
      .when(add("yacht", 2, { unitPrice: eur(largest) }))
      .refuses({ code: "TotalTooLarge", currency: "EUR" });
    given(opened(), added("yacht", 1, eur(largest - 999)))
      .when(add("shoes"))
      .refuses({ code: "TotalTooLarge", currency: "EUR" });
    given(opened(), added("yacht", 1, eur(largest - 1_000)))
      .when(add("shoes"))
      .yields(addedNow("shoes"));
    given(opened(), added("shoes", 9_000))
      .when(add("shoes", 1, { unitPrice: eur(Math.ceil(largest / 9_000)) }))
      .refuses({ code: "TotalTooLarge", currency: "EUR" });
  });

  test.each(closings)("is refused once the cart is %s", (status, closing) =>
    given(opened(), closing).when(add("shoes")).refuses({ code: "CartClosed", cartId, status }),
  );
});
