import { IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { metadataOf } from "../catalog/metadata-of.ts";
import { withScope } from "../context.ts";
import { refusalError } from "../refusals.ts";

export const CatalogRetireInput = z.strictObject({
  productId: ProductId,
  idempotencyKey: IdempotencyKey.optional(),
  expectedVersion: z.int().nonnegative().optional(),
});

export const catalogRetire = withScope("catalog:write")
  .input(CatalogRetireInput)
  .mutation(async ({ ctx, input }) => {
    const result = await ctx.services.catalog.retire(input, metadataOf(ctx));
    if (!result.ok) throw refusalError(result.refusal);
    return result.value;
  });
