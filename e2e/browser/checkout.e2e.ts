import { expect } from "playwright/test";
import { beginCheckout } from "./begin-checkout.ts";
import type { RunningShop } from "./running-shop.ts";
import { test } from "./shop-test.ts";
import type { Shopper } from "./shopper.ts";

const asksShopper = "pm_card_authenticationRequired";

/** Of a cart with this in it, by a card whose bank asks first. @returns the checkout's id. */
const beginPaying = async ({ shopper, shop }: { shopper: Shopper; shop: RunningShop }, product: string): Promise<string> => {
  await shopper.add(product);
  await shopper.sees({ [product]: 1 });
  await expect(shopper.status).toContainText("live");
  return beginCheckout(shopper.page, { shopUrl: shop.url, card: asksShopper });
};

test("whoever comes back from their bank is told that the order is placed, and what it came to", async ({ shopper, shop }) => {
  const { page } = shopper;
  const orderId = await beginPaying({ shopper, shop }, "Burr Grinder");

  const cart = page.getByRole("region", { name: "Your cart" });
  await expect(cart).toContainText("Your bank asks whether it is you");
  await expect(cart.getByRole("listitem")).toContainText(["Burr Grinder"]);
  await expect(cart).toContainText("£152.00");
  await cart.getByRole("link", { name: "Go to your bank" }).click();
  await expect(page.getByText("a payment of £152.00")).toBeVisible();
  await page.getByRole("button", { name: "Yes, pay" }).click();

  await expect(page).toHaveURL(new RegExp(`^${shop.url}/checkout\\?paymentId=`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Thank you, your order is placed");
  await expect(page.getByRole("main")).toContainText("£152.00");
  await expect(page.getByRole("main")).toContainText(orderId);
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await expect(cart).toContainText("What was in this cart is ordered.");
});

test("whoever says no at their bank is told that nothing is paid, and has the cart as it was", async ({ shopper, shop }) => {
  const { page } = shopper;
  await beginPaying({ shopper, shop }, "Desk Lamp");
  await page.getByRole("link", { name: "Go to your bank" }).click();
  await page.getByRole("button", { name: "No", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The payment did not go through");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await shopper.sees({ "Desk Lamp": 1 });
  await expect(page.getByRole("region", { name: "Your cart" })).toContainText("The card was declined. Your cart is as it was.");
});

test("what cannot be put into a cart that is being paid goes into it once the payment is given up", async ({ shopper, shop }) => {
  const { page } = shopper;
  await beginPaying({ shopper, shop }, "Burr Grinder");
  await expect(page.getByRole("link", { name: "Go to your bank" })).toBeVisible();
  await shopper.add("Desk Lamp");
  const refused = shopper.messages.getByRole("alert");
  await expect(refused.getByRole("button", { name: "Start a new cart" })).toBeVisible();
  await refused.getByRole("button", { name: "Give the payment up" }).click();
  await shopper.sees({ "Burr Grinder": 1 });
  await shopper.add("Desk Lamp");
  await shopper.sees({ "Burr Grinder": 1, "Desk Lamp": 1 });
});

test("a checkout is given up in the cart itself", async ({ shopper, shop }) => {
  const { page } = shopper;
  await beginPaying({ shopper, shop }, "Burr Grinder");
  await page.getByRole("button", { name: "Give it up" }).click();
  await shopper.sees({ "Burr Grinder": 1 });
  await expect(page.getByRole("heading", { name: "Your cart" })).toBeFocused();
});

test("a checkout of somebody else, and one that nobody here can have begun, is told as not there", async ({ shopper, shop, browser }) => {
  const checkoutId = await beginPaying({ shopper, shop }, "Burr Grinder");
  const stranger = await browser.newContext({ baseURL: shop.url });
  const theirs = await stranger.newPage();
  const address = `/checkout?paymentId=${checkoutId}&redirect_status=succeeded`;
  await theirs.goto(address);
  const title = theirs.getByRole("heading", { name: "There is no such checkout here" });
  await expect(title).toBeVisible();
  expect(await theirs.evaluate(() => localStorage.getItem("cartwright.session"))).toBeNull();

  await theirs.getByRole("link", { name: "Back to the shop" }).click();
  await theirs.getByRole("button", { name: "Add Desk Lamp to the cart" }).click();
  await expect(theirs.locator(".live-status")).toContainText("live");
  await theirs.goto(address);
  await expect(title).toBeVisible();
  await expect(theirs.getByRole("main")).not.toContainText("£");
  await stranger.close();
});
