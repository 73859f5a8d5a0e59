import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { GetOrder } from "../orders/get-order.ts";
import { unwrap } from "../refusals.ts";

export const orderGet = authenticated
  .input(GetOrder)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.orders.get(callerOf(ctx), input)));
