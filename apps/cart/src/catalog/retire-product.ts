import type { CatalogEvent } from "@cartwright/contracts/catalog-events";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { Listing } from "./listing.ts";

export type RetireProduct = { productId: ProductId; at: Instant };

/** The product is no longer sold; it may be put again. */
export const retireProduct = ({ productId, at }: RetireProduct, listing: Listing): Decision<CatalogEvent, RefusalOf<"ProductNotFound">> => {
  if (listing.status === "absent") return refuse({ code: "ProductNotFound", productId });
  if (listing.status === "retired") return accept();
  return accept({ type: "ProductRetired", data: { productId, retiredAt: at } });
};
