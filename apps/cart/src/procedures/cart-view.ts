import { callerOf } from "../carts/caller.ts";
import { ViewCart } from "../carts/view-cart.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartView = authenticated
  .input(ViewCart)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.queries.view(callerOf(ctx), input)));
