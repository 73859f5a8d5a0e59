import type { Services } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { importShop, type ShopImport } from "./import-shop.ts";
import { starter } from "./load-demonstration-catalogue.ts";

/**
 * Puts what a file says of coupons, shipping, taxes and stock, as far as there has never been anything of the name: it may be done at each
 * start, finishes what a start before has begun, and changes nothing that somebody has put or retired since.
 */
export const loadDemonstrationShop = ({ shop, stock }: Pick<Services, "shop" | "stock">, document: unknown): Promise<ShopImport> =>
  importShop(document, {
    coupons: async (rows) => {
      const commands = rows.map(({ code, ...data }) => ({ id: code, data }));
      return (await shop.putNew("coupon", starter, commands)).map(unwrap);
    },
    shippingMethods: async (rows) => {
      const commands = rows.map(({ shippingMethodId, ...data }) => ({ id: shippingMethodId, data }));
      return (await shop.putNew("shippingMethod", starter, commands)).map(unwrap);
    },
    taxRates: async (rows) => {
      const commands = rows.map(({ taxRateId, ...data }) => ({ id: taxRateId, data }));
      return (await shop.putNew("taxRate", starter, commands)).map(unwrap);
    },
    stocks: async (rows) => (await stock.set(starter, rows, { onlyNew: true })).map(unwrap),
  });
