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

test("the focus goes to what can be done next, wherever a control goes away", async ({ shopper }) => {
  const { page } = shopper;
  const products = page.getByRole("main");
  const add = page.getByRole("button", { name: "Add Burr Grinder to the cart" });
  await add.focus();
  await page.keyboard.press("Enter");
  await expect(products.getByRole("button", { name: "One more Burr Grinder" })).toBeFocused();
  await products.getByRole("button", { name: "Remove Burr Grinder" }).focus();
  await page.keyboard.press("Enter");
  await expect(add).toBeFocused();

  await page.keyboard.press("Enter");
  await products.getByRole("textbox", { name: "Quantity of Burr Grinder" }).fill("0");
  await page.keyboard.press("Enter");
  await expect(add).toBeFocused();

  await shopper.add("Desk Lamp");
  await shopper.add("Burr Grinder");
  await shopper.line("Desk Lamp").getByRole("button", { name: "Remove Desk Lamp" }).first().focus();
  await page.keyboard.press("Enter");
  const heading = page.getByRole("heading", { name: "Your cart" });
  await expect(heading).toBeFocused();
  await page.getByRole("button", { name: "Empty the cart" }).focus();
  await page.keyboard.press("Enter");
  await expect(heading).toBeFocused();

  await shopper.signInAs("ada@example.com");
  await expect(page.getByRole("button", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeFocused();
});

test("what is no number of pieces changes nothing, and that is said", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  await shopper.sees({ "Burr Grinder": 1 });
  const quantity = shopper.quantityOf("Burr Grinder");
  for (const typed of ["1.5", "-1", "two"]) {
    await quantity.fill(typed);
    await page.keyboard.press("Enter");
    await expect(shopper.line("Burr Grinder").getByRole("alert")).toHaveText("Whole pieces only: it stays at 1.");
    await expect(quantity).toHaveValue("1");
  }
  await quantity.fill("10000");
  await page.keyboard.press("Enter");
  await expect(shopper.line("Burr Grinder").getByRole("alert")).toHaveText("No more than 9,999 pieces: it stays at 1.");
  await quantity.fill("2");
  await page.keyboard.press("Enter");
  await shopper.sees({ "Burr Grinder": 2 });
  await expect(shopper.line("Burr Grinder").getByRole("alert")).toBeHidden();
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
