import type { Services } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { importShop, type ShopImport } from "./import-shop.ts";
import { starter } from "./load-demonstration-catalogue.ts";

/** Puts what a file says of coupons, shipping, taxes and stock, as `ops shop import` does. */
export const loadDemonstrationShop = ({ shop, stock }: Pick<Services, "shop" | "stock">, document: unknown): Promise<ShopImport> =>
  importShop(document, {
    coupons: async (rows) =>
      (
        await shop.putMany(
          "coupon",
          starter,
          rows.map(({ code, ...data }) => ({ id: code, data })),
        )
      ).map(unwrap),
    shippingMethods: async (rows) => {
      const commands = rows.map(({ shippingMethodId, ...data }) => ({ id: shippingMethodId, data }));
      return (await shop.putMany("shippingMethod", starter, commands)).map(unwrap);
    },
    taxRates: async (rows) =>
      (
        await shop.putMany(
          "taxRate",
          starter,
          rows.map(({ taxRateId, ...data }) => ({ id: taxRateId, data })),
        )
      ).map(unwrap),
    stocks: async (rows) => (await stock.set(starter, rows)).map(unwrap),
  });
