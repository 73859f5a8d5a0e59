import { AddItem } from "../carts/add-item.ts";
import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartAddItem = authenticated
  .input(AddItem)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.addItem(callerOf(ctx), input)));
