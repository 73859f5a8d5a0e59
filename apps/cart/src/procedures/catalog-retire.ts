import { IdempotencyKey, ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const CatalogRetireInput = z.strictObject({
  productId: ProductId,
  idempotencyKey: IdempotencyKey.optional(),
  expectedVersion: z.int().nonnegative().optional(),
});

export const catalogRetire = withScope("catalog:write")
  .input(CatalogRetireInput)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.catalog.retire(callerOf(ctx), input)));
