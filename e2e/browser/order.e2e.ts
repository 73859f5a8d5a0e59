import { expect, type Page } from "playwright/test";
import { putPrice } from "./merchant.ts";
import { test } from "./shop-test.ts";
import type { Shopper } from "./shopper.ts";

const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** Opens the form and says where it goes. */
const fillIn = async ({ page }: Shopper) => {
  await page.getByRole("button", { name: "Check out" }).click();
  const form = page.getByRole("dialog", { name: "Check out" });
  await form.getByLabel("E-mail").fill("ada@example.com");
  await form.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await form.getByLabel("Street and number").fill("12 St James's Square");
  await form.getByLabel("City").fill("London");
  await form.getByLabel("Express").check();
  return form;
};

test("a cart is paid by a test card, for what was quoted, with its shipping and tax", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  await shopper.sees({ "Burr Grinder": 1 });
  const form = await fillIn(shopper);
  await expect(form).toContainText("VAT, included");
  await form.getByLabel("Country").selectOption("US");
  await expect(form).toContainText("Sales tax, on top");
  await form.getByRole("button", { name: "Pay £162.08" }).click();
  await expect(title(page)).toHaveText("Thank you, your order is placed");
  await expect(page.getByRole("main")).toContainText("£162.08");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.getByRole("button", { name: "Start a new cart" }).click();
  await shopper.add("Desk Lamp");
  await shopper.sees({ "Desk Lamp": 1 });
});

test("a card whose bank asks first leads there, and back to the order", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  const form = await fillIn(shopper);
  await form.getByLabel("3-D Secure").check();
  await form.getByRole("button", { name: "Pay £152.00" }).click();
  await expect(title(page)).toHaveText("Your bank asks whether it is you");
  await page.getByRole("link", { name: "Go to your bank" }).click();
  await page.getByRole("button", { name: "Yes, pay" }).click();
  await expect(title(page)).toHaveText("Thank you, your order is placed");
});

test("a card that is declined leaves the cart as it was, to be paid by another one", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  const form = await fillIn(shopper);
  await form.getByLabel("declined").check();
  await form.getByRole("button", { name: "Pay £152.00" }).click();
  await expect(title(page)).toHaveText("The payment did not go through");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await shopper.sees({ "Burr Grinder": 1 });
  const again = await fillIn(shopper);
  await again.getByRole("button", { name: "Pay £152.00" }).click();
  await expect(title(page)).toHaveText("Thank you, your order is placed");
});

test("a price that rose since it was quoted is told, and paid only once the shopper has seen it", async ({ shopper, shop }) => {
  const { page } = shopper;
  const chest = { productId: "zz-chest", name: "Cedar Chest" };
  await putPrice(shop.url, { ...chest, amountMinor: 10_000 });
  await page.getByRole("searchbox").fill("cedar chest");
  await shopper.add("Cedar Chest");
  const form = await fillIn(shopper);
  await expect(form.getByRole("button", { name: "Pay £113.00" })).toBeVisible();
  await putPrice(shop.url, { ...chest, amountMinor: 12_000 });
  await form.getByRole("button", { name: "Pay £113.00" }).click();
  await expect(form.getByRole("alert")).toContainText("£133.00");
  await form.getByRole("button", { name: "Pay £133.00" }).click();
  await expect(title(page)).toHaveText("Thank you, your order is placed");
});

test("the form asks for what is missing, and begins nothing without it", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  await page.getByRole("button", { name: "Check out" }).click();
  const form = page.getByRole("dialog", { name: "Check out" });
  await form.getByRole("button", { name: /^Pay £/ }).click();
  await expect(form.getByLabel("E-mail")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(form).toBeHidden();
  await expect(page.getByRole("button", { name: "Check out" })).toBeFocused();
  await shopper.sees({ "Burr Grinder": 1 });
});
