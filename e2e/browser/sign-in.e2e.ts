import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("signing in takes the guest's cart along, in every window, and signing out leaves it with the account", async ({
  shopper,
  openWindow,
}) => {
  await shopper.add("Burr Grinder");
  await shopper.add("Burr Grinder");
  const other = await openWindow();
  await shopper.signInAs("ada@example.com");
  await expect(shopper.page.getByText("ada@example.com")).toBeVisible();
  await shopper.sees({ "Burr Grinder": 2 });
  await expect(other.page.getByText("ada@example.com")).toBeVisible();
  await other.sees({ "Burr Grinder": 2 });

  await other.page.getByRole("button", { name: "Sign out" }).click();
  await other.sees({});
  await shopper.sees({});

  await shopper.add("Burr Grinder");
  await shopper.add("Desk Lamp");
  await shopper.signInAs("ada@example.com");
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
});

test("a wrong password is told in a sentence, and the cart stays as it is", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.add("Burr Grinder");
  await page.getByRole("button", { name: "Sign in" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await dialog.getByLabel("E-mail").fill("grace@example.com");
  await dialog.getByLabel("Password").fill("wrong");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText("The e-mail address or the password is not right.");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeFocused();
  await shopper.sees({ "Burr Grinder": 1 });
});
