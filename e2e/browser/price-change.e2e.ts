import { expect } from "playwright/test";
import { putPrice } from "./merchant.ts";
import { test } from "./shop-test.ts";

test("a price that changed since the shopper looked is told, from what to what, and nothing is added until the shopper agrees", async ({
  shopper,
  shop,
}) => {
  await putPrice(shop.url, { productId: "zz-clock", name: "Wall Clock", amountMinor: 3_000 });
  await shopper.page.getByRole("searchbox").fill("wall clock");
  await expect(shopper.page.getByRole("main").getByText("£30.00")).toBeVisible();

  await putPrice(shop.url, { productId: "zz-clock", name: "Wall Clock", amountMinor: 3_500 });
  await shopper.add("Wall Clock");
  const refused = shopper.messages.getByRole("alert");
  await expect(refused).toContainText("The price of Wall Clock has changed from £30.00 to £35.00. It was not added.");
  await shopper.sees({});

  await refused.getByRole("button", { name: "Add it for £35.00" }).click();
  await shopper.sees({ "Wall Clock": 1 });
  await expect(shopper.line("Wall Clock")).toContainText("£35.00 each");
  await expect(refused).toBeHidden();
});

test("a price that changed since the line was added is told at the line, which stays as it was", async ({ shopper, shop }) => {
  await putPrice(shop.url, { productId: "zz-vase", name: "Stone Vase", amountMinor: 2_000 });
  await shopper.page.getByRole("searchbox").fill("stone vase");
  await shopper.add("Stone Vase");
  await shopper.sees({ "Stone Vase": 1 });
  await putPrice(shop.url, { productId: "zz-vase", name: "Stone Vase", amountMinor: 1_800 });
  await shopper.page.reload();
  const line = shopper.line("Stone Vase");
  await expect(line).toContainText("The price has changed from £20.00 to £18.00 since you added it.");
  await expect(line).toContainText("£20.00 each");
});
