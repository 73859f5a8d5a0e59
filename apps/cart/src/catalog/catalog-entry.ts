import type { ProductId } from "@cartwright/contracts/ids";
import type { Listing } from "./listing.ts";

/** What the catalogue says of a product once its stream has reached `version`; 0 stands for a product that never was. */
export type CatalogEntry = { productId: ProductId; version: number; listing: Listing };
