import { callerOf } from "../carts/caller.ts";
import { CartHistory } from "../carts/cart-history.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartHistory = authenticated
  .input(CartHistory)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.queries.history(callerOf(ctx), input)));
