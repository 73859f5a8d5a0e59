import { importShop, type ShopImport } from "@cartwright/cart/ops/import-shop";
import { shopScope, stockScope } from "@cartwright/cart/shop/shop";
import { cartClient, readJson } from "./catalog-import.ts";
import type { OpsConfig } from "./config.ts";

/**
 * Puts what a file says of coupons, shipping, taxes and stock into the running system.
 *
 * @throws {OpsError} when the file can't be read or the system refuses or can't be reached.
 */
export const importShopFile = async (config: OpsConfig, path: string): Promise<ShopImport> => {
  const document = await readJson(path);
  const { client, telling } = await cartClient(config, [shopScope, stockScope]);
  return telling("what the shop keeps", () =>
    importShop(document, {
      coupons: (rows) => client.coupon.putMany.mutate({ coupons: [...rows] }),
      shippingMethods: (rows) => client.shippingMethod.putMany.mutate({ shippingMethods: [...rows] }),
      taxRates: (rows) => client.taxRate.putMany.mutate({ taxRates: [...rows] }),
      stocks: (rows) => client.stock.set.mutate({ stocks: [...rows] }),
    }),
  );
};
