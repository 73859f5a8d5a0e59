import { callerOf } from "../carts/caller.ts";
import { CheckoutCommand } from "../checkouts/checkout-command.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const checkoutConfirmAction = authenticated
  .input(CheckoutCommand)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.confirmAction(callerOf(ctx), input)));
