// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { ProductId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { ProductData } from "./product-data.ts";

const ProductListed = z.strictObject({ productId: ProductId, ...ProductData.shape, listedAt: Instant });

/** The whole product as it is from now on, prices included. */
const ProductRevised = z.strictObject({ productId: ProductId, ...ProductData.shape, revisedAt: Instant });

/** No longer sold; carts that hold it are told. A `ProductListed` may follow. */
const ProductRetired = z.strictObject({ productId: ProductId, retiredAt: Instant });

const types = {
  ProductListed: firstVersion(ProductListed),
  ProductRevised: firstVersion(ProductRevised),
  ProductRetired: firstVersion(ProductRetired),
};

/** What happens to a product of the catalogue, on the stream `product-<productId>`. */
export type CatalogEvent = EventOf<typeof types>;

export const catalogEvents = eventSchema(types);

export const productStreamId = (productId: ProductId): string => `product-${productId}`;
