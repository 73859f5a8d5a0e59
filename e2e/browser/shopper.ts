import { expect, type Locator, type Page } from "playwright/test";

/** What somebody does and sees in a window of the shop, by what is read out there. */
export type Shopper = {
  readonly page: Page;
  /** Puts one into the cart, or one more. */
  add(product: string): Promise<void>;
  /** The product in the cart. */
  line(product: string): Locator;
  quantityOf(product: string): Locator;
  /** Sees exactly these products in the cart, so many of each. */
  sees(cart: Readonly<Record<string, number>>): Promise<void>;
  /** How the cart stands. */
  readonly status: Locator;
  readonly messages: Locator;
  signInAs(email: string): Promise<void>;
};

export const shopperOn = async (page: Page): Promise<Shopper> => {
  await page.goto("/");
  const cart = page.getByRole("region", { name: "Your cart" });
  const line = (product: string) => cart.getByRole("listitem").filter({ has: page.getByRole("heading", { name: product, exact: true }) });
  const quantityOf = (product: string) => line(product).getByRole("textbox");
  const products = page.getByRole("main");
  await expect(products.getByRole("heading", { level: 3 }).first()).toBeVisible();

  return {
    page,
    line,
    quantityOf,
    status: cart.locator(".live-status"),
    messages: page.getByRole("region", { name: "Messages" }),
    add: (product) => products.getByRole("button", { name: new RegExp(`^(Add ${product} to the cart|One more ${product})$`) }).click(),
    async sees(expected) {
      await expect(cart.getByRole("listitem")).toHaveCount(Object.keys(expected).length);
      for (const [product, quantity] of Object.entries(expected)) await expect(quantityOf(product)).toHaveValue(String(quantity));
    },
    async signInAs(email) {
      await page.getByRole("button", { name: "Sign in" }).click();
      const dialog = page.getByRole("dialog", { name: "Sign in" });
      await dialog.getByLabel("E-mail").fill(email);
      await dialog.getByLabel("Password").fill("demonstration");
      await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(dialog).toBeHidden();
    },
  };
};
