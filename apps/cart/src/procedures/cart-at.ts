import { callerOf } from "../carts/caller.ts";
import { CartAt } from "../carts/cart-at.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartAt = authenticated
  .input(CartAt)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.queries.at(callerOf(ctx), input)));
