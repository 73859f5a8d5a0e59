import { callerOf } from "../carts/caller.ts";
import { MergeCarts } from "../carts/merge-carts.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartMerge = authenticated
  .input(MergeCarts)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.merge(callerOf(ctx), input)));
