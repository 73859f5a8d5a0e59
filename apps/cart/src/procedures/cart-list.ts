import { callerOf } from "../carts/caller.ts";
import { ListCarts } from "../carts/list-carts.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartList = authenticated
  .input(ListCarts.prefault({}))
  .query(async ({ ctx, input }) => unwrap(await ctx.services.queries.list(callerOf(ctx), input)));
