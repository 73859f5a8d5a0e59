import { callerOf } from "../carts/caller.ts";
import { GetCheckoutStatus } from "../checkouts/checkout-status.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const checkoutStatus = authenticated
  .input(GetCheckoutStatus)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.status(callerOf(ctx), input)));
