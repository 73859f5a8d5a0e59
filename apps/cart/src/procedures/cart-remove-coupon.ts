import { callerOf } from "../carts/caller.ts";
import { RemoveCoupon } from "../carts/remove-coupon.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartRemoveCoupon = authenticated
  .input(RemoveCoupon)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.removeCoupon(callerOf(ctx), input)));
