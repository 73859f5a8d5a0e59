import { callerOf } from "../carts/caller.ts";
import { CheckoutCommand } from "../checkouts/checkout-command.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const checkoutCancel = authenticated
  .input(CheckoutCommand)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.cancel(callerOf(ctx), input)));
