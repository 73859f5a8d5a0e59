import { ApplyCoupon } from "../carts/apply-coupon.ts";
import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartApplyCoupon = authenticated
  .input(ApplyCoupon)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.applyCoupon(callerOf(ctx), input)));
