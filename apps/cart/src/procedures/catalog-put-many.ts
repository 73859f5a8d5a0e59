import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { ProductInput } from "./catalog-put.ts";

export const mostProductsAtOnce = 500;

export const CatalogPutManyInput = z.strictObject({
  products: z
    .array(ProductInput)
    .min(1)
    .max(mostProductsAtOnce)
    .refine((products) => new Set(products.map(({ productId }) => productId)).size === products.length, "must name each product once"),
});

/** Needs no idempotency key: what is already so is left as it is. Not all or nothing: after an error, send it again. */
export const catalogPutMany = withScope("catalog:write")
  .input(CatalogPutManyInput)
  .mutation(async ({ ctx, input }) => {
    const commands = input.products.map(({ productId, ...product }) => ({ productId, product }));
    const answers = await ctx.services.catalog.putMany(callerOf(ctx), commands);
    return { products: answers.map(unwrap) };
  });
