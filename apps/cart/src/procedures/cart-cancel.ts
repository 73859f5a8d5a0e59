import { callerOf } from "../carts/caller.ts";
import { CancelCart } from "../carts/cancel-cart.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartCancel = authenticated
  .input(CancelCart)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.cancel(callerOf(ctx), input)));
