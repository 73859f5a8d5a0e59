import { callerOf } from "../carts/caller.ts";
import { RemoveItem } from "../carts/remove-item.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartRemoveItem = authenticated
  .input(RemoveItem)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.removeItem(callerOf(ctx), input)));
