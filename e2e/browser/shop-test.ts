import { test as base } from "playwright/test";
import { chromiumPath } from "./chromium.ts";
import { type RunningShop, startShop } from "./running-shop.ts";
import { type Shopper, shopperOn } from "./shopper.ts";

type ForEach = {
  /** Somebody in a window of a browser that has never been in the shop. */
  readonly shopper: Shopper;
  /** Another window of the same browser. */
  readonly openWindow: () => Promise<Shopper>;
  readonly chromiumIsHere: undefined;
  readonly nothingGoesWrong: undefined;
};

/** Tests of the shop in Chromium, on one running system. Where there is no Chromium each is skipped, or fails under `REQUIRE_SERVERS=1`. */
export const test = base.extend<ForEach, { readonly shop: RunningShop }>({
  chromiumIsHere: [
    async ({ browserName: _ }, use, testInfo) => {
      const missing = "there is no Chromium: install Debian's package, or name one by CHROMIUM_PATH";
      if (chromiumPath() === undefined && process.env.REQUIRE_SERVERS === "1") throw new Error(missing);
      testInfo.skip(chromiumPath() === undefined, missing);
      await use(undefined);
    },
    { auto: true },
  ],
  shop: [
    async ({ browserName: _ }, use) => {
      // It is made before a test can say that it is skipped.
      if (chromiumPath() === undefined) return use(noShop);
      await using shop = await startShop();
      await use(shop);
    },
    { scope: "worker", timeout: 180_000 },
  ],
  baseURL: async ({ shop }, use) => use(shop.url),
  shopper: async ({ page }, use) => use(await shopperOn(page)),
  openWindow: async ({ context }, use) => use(async () => shopperOn(await context.newPage())),
  nothingGoesWrong: [
    async ({ context }, use) => {
      const faults: string[] = [];
      context.on("weberror", (fault) => faults.push(String(fault.error())));
      context.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) faults.push(message.text());
      });
      await use(undefined);
      if (faults.length > 0) throw new Error(`the page has bugs:\n${faults.join("\n")}`);
    },
    { auto: true },
  ],
});

const noShop: RunningShop = { url: "", kill: async () => {}, startAgain: async () => {}, [Symbol.asyncDispose]: async () => {} };
