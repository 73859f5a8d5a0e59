import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { ListOrders } from "../orders/list-orders.ts";
import { unwrap } from "../refusals.ts";

export const orderList = authenticated
  .input(ListOrders.prefault({}))
  .query(async ({ ctx, input }) => unwrap(await ctx.services.orders.list(callerOf(ctx), input)));
