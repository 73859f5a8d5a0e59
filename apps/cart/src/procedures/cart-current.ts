import { callerOf } from "../carts/caller.ts";
import { CurrentCart } from "../carts/current-cart.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartCurrent = authenticated
  .input(CurrentCart.prefault({}))
  .query(async ({ ctx, input }) => unwrap(await ctx.services.queries.current(callerOf(ctx), input)));
