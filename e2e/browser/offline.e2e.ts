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

  await context.setOffline(false);
  await expect(shopper.status).toContainText("live", { timeout: 20_000 });
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
  const other = await openWindow();
  await other.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
});
