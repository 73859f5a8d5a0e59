import { callerOf } from "../carts/caller.ts";
import { SetQuantity } from "../carts/set-quantity.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartSetQuantity = authenticated
  .input(SetQuantity)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.setQuantity(callerOf(ctx), input)));
