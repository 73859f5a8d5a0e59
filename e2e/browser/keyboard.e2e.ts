import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("the shop can be used by keyboard alone", async ({ shopper }) => {
  const { page } = shopper;
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the products" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("burr");
  await expect(page.getByRole("main").getByRole("heading", { level: 3 })).toHaveText(["Burr Grinder"]);
  await page.getByRole("button", { name: "Add Burr Grinder to the cart" }).focus();
  await page.keyboard.press("Enter");
  await shopper.sees({ "Burr Grinder": 1 });

  await shopper.quantityOf("Burr Grinder").focus();
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await shopper.sees({ "Burr Grinder": 12 });
  await page.getByRole("button", { name: "Remove Burr Grinder" }).focus();
  await page.keyboard.press("Enter");
  await shopper.sees({});
  await expect(page.getByRole("heading", { name: "Your cart" })).toBeFocused();
});

test("what the cart has come to is read out", async ({ shopper }) => {
  await shopper.add("Burr Grinder");
  await shopper.add("Burr Grinder");
  await expect(shopper.page.getByRole("status").filter({ hasText: "In the cart: 2 items, £278.00" })).toHaveCount(1);
});

test("the page asks nobody but its own server for anything", async ({ shopper, page, shop }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(shop.url) && !request.url().startsWith("data:")) elsewhere.push(request.url());
  });
  await page.reload();
  await shopper.add("Burr Grinder");
  await shopper.sees({ "Burr Grinder": 1 });
  expect(elsewhere).toEqual([]);
});
