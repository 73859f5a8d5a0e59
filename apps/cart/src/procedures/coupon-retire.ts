import { CouponCode } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { shopScope } from "../shop/shop.ts";

export const couponRetire = withScope(shopScope)
  .input(z.strictObject({ code: CouponCode }))
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.shop.retire("coupon", callerOf(ctx), { id: input.code })));
