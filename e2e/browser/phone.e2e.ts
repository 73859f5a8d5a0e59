import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

test("on a phone the cart is one tap away, and nothing is wider than the screen", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add('4K Monitor 27"');
  await page.getByRole("button", { name: /1 item · £329.00/ }).tap();
  await shopper.sees({ '4K Monitor 27"': 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.getByRole("button", { name: "Close the cart" }).tap();
  await expect(page.getByRole("dialog")).toBeHidden();
});
