import { TaxRateId } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { shopScope } from "../shop/shop.ts";

export const taxRateRetire = withScope(shopScope)
  .input(z.strictObject({ taxRateId: TaxRateId }))
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.shop.retire("taxRate", callerOf(ctx), { id: input.taxRateId })));
