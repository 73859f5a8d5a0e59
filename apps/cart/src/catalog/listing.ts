import type { CatalogEvent } from "@cartwright/contracts/catalog-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { ProductData } from "@cartwright/contracts/product-data";
import { unreachable } from "@cartwright/decider/unreachable";

/** What the catalogue says of one product. */
export type Listing =
  | { status: "absent" }
  | { status: "listed"; product: ProductData; listedAt: Instant }
  /** No longer sold. Carts may still hold it, so what it was stays known. */
  | { status: "retired"; product: ProductData; listedAt: Instant };

export const absent: Listing = { status: "absent" };

export const evolveListing = (listing: Listing, event: CatalogEvent): Listing => {
  switch (event.type) {
    case "ProductListed": {
      const { productId: _, listedAt, ...product } = event.data;
      return { status: "listed", product, listedAt };
    }
    case "ProductRevised": {
      const { productId: _, revisedAt, ...product } = event.data;
      return { status: "listed", product, listedAt: listing.status === "absent" ? revisedAt : listing.listedAt };
    }
    case "ProductRetired":
      return listing.status === "absent" ? listing : { ...listing, status: "retired" };
    default:
      return unreachable(event);
  }
};
