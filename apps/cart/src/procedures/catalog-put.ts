import { IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import { ProductData } from "@cartwright/contracts/product-data";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";

/** A product as it is written, alone or as one of a file. What may be left out has its default. */
export const ProductInput = z.strictObject({
  productId: ProductId,
  ...ProductData.shape,
  description: ProductData.shape.description.default(""),
  category: ProductData.shape.category.default(null),
  image: ProductData.shape.image.default(null),
  tags: ProductData.shape.tags.default([]),
  stockId: ProductData.shape.stockId.default(null),
});
export type ProductInput = z.input<typeof ProductInput>;

export const CatalogPutInput = z.strictObject({
  ...ProductInput.shape,
  idempotencyKey: IdempotencyKey.optional(),
  expectedVersion: z.int().nonnegative().optional(),
});

export const catalogPut = withScope("catalog:write")
  .input(CatalogPutInput)
  .mutation(async ({ ctx, input: { productId, idempotencyKey, expectedVersion, ...product } }) => {
    const command = { productId, product, idempotencyKey, expectedVersion };
    return unwrap(await ctx.services.catalog.put(callerOf(ctx), command));
  });
