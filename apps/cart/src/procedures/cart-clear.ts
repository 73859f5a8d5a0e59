import { callerOf } from "../carts/caller.ts";
import { ClearCart } from "../carts/clear-cart.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartClear = authenticated
  .input(ClearCart)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.clear(callerOf(ctx), input)));
