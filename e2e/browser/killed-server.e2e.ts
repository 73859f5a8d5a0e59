import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("a server that is killed in mid-session and started again has all that it had acknowledged, and gets what was tapped meanwhile", async ({
  shopper,
  shop,
  openWindow,
}) => {
  test.setTimeout(120_000);
  await shopper.add("Burr Grinder");
  await expect(shopper.status).toContainText("live");
  await shopper.add("Burr Grinder");

  await shop.kill();
  await shopper.add("Burr Grinder");
  await shopper.add("Desk Lamp");
  await expect(shopper.status).toContainText("offline", { timeout: 20_000 });
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });

  await shop.startAgain();
  await expect(shopper.status).toContainText("live", { timeout: 40_000 });
  await shopper.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
  const other = await openWindow();
  await other.sees({ "Burr Grinder": 3, "Desk Lamp": 1 });
});
