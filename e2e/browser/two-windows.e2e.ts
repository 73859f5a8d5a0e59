import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("two windows of a browser stay one cart, whichever one is tapped", async ({ shopper, openWindow }) => {
  await shopper.add("Burr Grinder");
  const other = await openWindow();
  await other.sees({ "Burr Grinder": 1 });

  await other.add("Burr Grinder");
  await shopper.sees({ "Burr Grinder": 2 });
  await shopper.line("Burr Grinder").getByRole("button", { name: "Remove Burr Grinder" }).click();
  await other.sees({});
  await other.page.getByRole("button", { name: "Bring back what was removed" }).click();
  await shopper.sees({ "Burr Grinder": 2 });
});

test("taps in both windows at once all count", async ({ shopper, openWindow }) => {
  const other = await openWindow();
  await shopper.add("Desk Lamp");
  await other.sees({ "Desk Lamp": 1 });
  await Promise.all(
    [shopper, other].map(async (each) => {
      for (let tap = 0; tap < 10; tap++) await each.add("Desk Lamp");
    }),
  );
  await shopper.sees({ "Desk Lamp": 21 });
  await other.sees({ "Desk Lamp": 21 });
});

test("another browser has another cart", async ({ shopper, browser, shop }) => {
  await shopper.add("Burr Grinder");
  const stranger = await browser.newContext({ baseURL: shop.url });
  const page = await stranger.newPage();
  await page.goto("/");
  await expect(page.getByText("Nothing in it yet")).toBeVisible();
  await stranger.close();
});
