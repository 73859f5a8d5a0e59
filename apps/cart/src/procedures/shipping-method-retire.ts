import { ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { shopScope } from "../shop/shop.ts";

export const shippingMethodRetire = withScope(shopScope)
  .input(z.strictObject({ shippingMethodId: ShippingMethodId }))
  .mutation(async ({ ctx, input }) =>
    unwrap(await ctx.services.shop.retire("shippingMethod", callerOf(ctx), { id: input.shippingMethodId })),
  );
