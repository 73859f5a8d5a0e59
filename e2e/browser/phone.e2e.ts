import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

test("on a phone the cart is one tap away, and nothing is wider than the screen", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add('4K Monitor 27"');
  await page.getByRole("button", { name: /1 item £329.00/ }).tap();
  await shopper.sees({ '4K Monitor 27"': 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.getByRole("button", { name: "Close the cart" }).tap();
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("the way back closes the cart, and does not leave the shop", async ({ shopper }) => {
  const { page } = shopper;
  await page.getByRole("button", { name: "Kitchen" }).tap();
  await expect(page).toHaveURL(/category=Kitchen/);
  const cart = page.getByRole("dialog", { name: "Your cart" });
  await page.getByRole("button", { name: "Your cart" }).tap();
  await expect(cart).toBeVisible();
  await page.goBack();
  await expect(cart).toBeHidden();
  await expect(page).toHaveURL(/category=Kitchen/);

  await page.getByRole("button", { name: "Your cart" }).tap();
  await page.getByRole("button", { name: "Close the cart" }).tap();
  await expect(cart).toBeHidden();
  await page.goBack();
  await expect(page).not.toHaveURL(/category/);
});

for (const width of [375, 320])
  test(`at ${width} pixels the longest amount covers nothing that can be tapped`, async ({ shopper, browser, shop }) => {
    await shopper.page.close();
    const context = await browser.newContext({ baseURL: shop.url, locale: "vi-VN", viewport: { width, height: 740 }, hasTouch: true });
    const page = await context.newPage();
    await page.goto("/");
    await page.getByRole("searchbox").fill("workstation");
    await page.getByRole("button", { name: "Add Workstation Tower to the cart" }).tap();
    await page.getByRole("textbox", { name: "Quantity of Workstation Tower" }).fill("9998");
    await page.keyboard.press("Enter");
    const bar = page.getByRole("button", { name: /9.998 items/ });
    expect((await bar.boundingBox())?.height).toBeLessThan(64);
    await bar.tap();
    const cart = page.getByRole("dialog", { name: "Your cart" });
    await cart.getByRole("button", { name: "One more Workstation Tower" }).tap();
    await expect(cart.getByRole("textbox")).toHaveValue("9999");
    const more = await cart.getByRole("button", { name: "One more Workstation Tower" }).boundingBox();
    const total = await cart.locator(".line-total .price").boundingBox();
    if (!more || !total) throw new Error("the line is not shown");
    const isBeside = total.x >= more.x + more.width || total.y >= more.y + more.height;
    expect(isBeside, `the amount at ${JSON.stringify(total)} lies over the button at ${JSON.stringify(more)}`).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await context.close();
  });
