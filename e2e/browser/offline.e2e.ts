import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("what is tapped without a network arrives once it is back, once", async ({ shopper, context, openWindow }) => {
  await shopper.add("Burr Grinder");
  await expect(shopper.status).toContainText("live");

  await context.setOffline(true);
  await shopper.add("Burr Grinder");
  await shopper.add("Burr Grinder");
  await shopper.add("Desk Lamp");
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
  await expect(shopper.status).toContainText("offline");
  const sentence = "The shop cannot be reached. 3 things that you did are kept and will be sent.";
  await expect(shopper.page.locator(".live-sentence")).toHaveText(sentence);
  await expect(shopper.page.locator(".live-sentence")).toBeInViewport();

  await context.setOffline(false);
  await expect(shopper.status).toContainText("live", { timeout: 20_000 });
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
  const other = await openWindow();
  await other.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
});

test("products that are not what is looked for are known as such while there is no network", async ({ shopper, context }) => {
  const { page } = shopper;
  await context.setOffline(true);
  await page.getByRole("button", { name: "Kitchen" }).click();
  const word = page.getByRole("main").getByText("this is what was shown before, and not what you look for");
  await expect(word).toBeVisible();
  await context.setOffline(false);
  await expect(word).toBeHidden({ timeout: 20_000 });
  await expect(page.getByRole("heading", { name: "100 W Travel Charger" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Burr Grinder", level: 3 })).toBeVisible();
});

test("before its script has come the shop says that it opens", async ({ page, shop }) => {
  await page.route("**/*.js", (route) => route.abort());
  await page.goto(shop.url);
  await expect(page.getByText("Opening the shop …")).toBeVisible();
});
