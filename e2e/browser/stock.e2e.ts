import { expect } from "playwright/test";
import { putPieces } from "./merchant.ts";
import { test } from "./shop-test.ts";

test("of what is nearly sold out it is said how many there are, also in a cart that holds more", async ({ shopper, shop }) => {
  const { page } = shopper;
  await putPieces(shop.url, { productId: "zz-globe", name: "Paper Globe", amountMinor: 900, pieces: 2 });
  await page.getByRole("searchbox").fill("paper globe");
  await expect(page.getByRole("main")).toContainText("Only 2 left");
  await shopper.add("Paper Globe");
  await shopper.add("Paper Globe");
  await shopper.sees({ "Paper Globe": 2 });
  await expect(shopper.line("Paper Globe")).not.toContainText("left");
  await shopper.add("Paper Globe");
  await shopper.sees({ "Paper Globe": 3 });
  await expect(shopper.line("Paper Globe")).toContainText("Only 2 left: more than that cannot be bought just now.");
});

test("what is sold out cannot be put into the cart", async ({ shopper, shop }) => {
  const { page } = shopper;
  await putPieces(shop.url, { productId: "zz-kite", name: "Silk Kite", amountMinor: 900, pieces: 0 });
  await page.getByRole("searchbox").fill("silk kite");
  await expect(page.getByRole("main")).toContainText("Sold out");
  await expect(page.getByRole("button", { name: "Add Silk Kite to the cart" })).toBeDisabled();
});
