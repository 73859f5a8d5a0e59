import { expect } from "playwright/test";
import { test } from "./shop-test.ts";

test("a window follows its cart over one WebSocket of the shop's own server", async ({ shopper, page, shop }) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await page.reload();
  await shopper.add("Burr Grinder");
  await expect(shopper.status).toContainText("live");
  expect(sockets).toEqual([`${shop.url.replace("http", "ws")}/trpc?connectionParams=1`]);
});

test("where no WebSocket gets through, the cart is as live over server-sent events", async ({ shopper, openWindow, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, "WebSocket"));
  const other = await openWindow();
  await expect(other.status).toContainText("live");
  await shopper.add("Burr Grinder");
  await other.sees({ "Burr Grinder": 1 });
  await other.add("Burr Grinder");
  await shopper.sees({ "Burr Grinder": 2 });
});
