import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { CancelOrder } from "../orders/cancel-order.ts";
import { unwrap } from "../refusals.ts";

export const orderCancel = authenticated
  .input(CancelOrder)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.orders.cancel(callerOf(ctx), input)));
