import type { CatalogEvent } from "@cartwright/contracts/catalog-events";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { ProductData } from "@cartwright/contracts/product-data";
import { sameMoney } from "@cartwright/contracts/same-money";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Listing } from "./listing.ts";

export type PutProduct = { productId: ProductId; product: ProductData; at: Instant };

/** The product is sold as it says from now on; saying what is already so changes nothing. */
export const putProduct = ({ productId, product, at }: PutProduct, listing: Listing): Decision<CatalogEvent, never> => {
  if (listing.status !== "listed") return accept({ type: "ProductListed", data: { productId, ...product, listedAt: at } });
  if (sameProduct(listing.product, product)) return accept();
  return accept({ type: "ProductRevised", data: { productId, ...product, revisedAt: at } });
};

const sameProduct = (left: ProductData, right: ProductData): boolean =>
  left.name === right.name &&
  left.description === right.description &&
  left.category === right.category &&
  left.image === right.image &&
  left.stockId === right.stockId &&
  left.tags.length === right.tags.length &&
  left.tags.every((tag, index) => tag === right.tags[index]) &&
  samePrices(left.prices, right.prices);

/** In whatever order they come; a currency has one price. */
const samePrices = (left: readonly Money[], right: readonly Money[]): boolean =>
  left.length === right.length && left.every((price) => right.some((other) => sameMoney(price, other)));
