import { callerOf } from "../carts/caller.ts";
import { OpenCart } from "../carts/open-cart.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartOpen = authenticated
  .input(OpenCart.prefault({}))
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.open(callerOf(ctx), input)));
