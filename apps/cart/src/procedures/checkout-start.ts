import { callerOf } from "../carts/caller.ts";
import { StartCheckout } from "../checkouts/prepare-checkout.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const checkoutStart = authenticated
  .input(StartCheckout)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.start(callerOf(ctx), input)));
