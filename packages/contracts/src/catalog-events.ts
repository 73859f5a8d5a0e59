// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { ProductId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { ProductData } from "./product-data.ts";

/** Version 1 of these knew of no stock. */
const ProductDataV1 = ProductData.omit({ stockId: true });
const ProductListedV1 = z.strictObject({ productId: ProductId, ...ProductDataV1.shape, listedAt: Instant });
const ProductRevisedV1 = z.strictObject({ productId: ProductId, ...ProductDataV1.shape, revisedAt: Instant });

const ProductListed = z.strictObject({ productId: ProductId, ...ProductData.shape, listedAt: Instant });

/** The whole product as it is from now on, prices included. */
const ProductRevised = z.strictObject({ productId: ProductId, ...ProductData.shape, revisedAt: Instant });

/** No longer sold; carts that hold it are told. A `ProductListed` may follow. */
const ProductRetired = z.strictObject({ productId: ProductId, retiredAt: Instant });

const types = {
  ProductListed: firstVersion(ProductListedV1).nextVersion(ProductListed, (older) => ({ ...older, stockId: null })),
  ProductRevised: firstVersion(ProductRevisedV1).nextVersion(ProductRevised, (older) => ({ ...older, stockId: null })),
  ProductRetired: firstVersion(ProductRetired),
};

/** What happens to a product of the catalogue, on the stream `product-<productId>`. */
export type CatalogEvent = EventOf<typeof types>;

export const catalogEvents = eventSchema(types);

export const productStreamId = (productId: ProductId): string => `product-${productId}`;
