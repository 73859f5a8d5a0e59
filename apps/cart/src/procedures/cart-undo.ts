import { callerOf } from "../carts/caller.ts";
import { UndoRemoval } from "../carts/undo-removal.ts";
import { authenticated } from "../context.ts";
import { unwrap } from "../refusals.ts";

export const cartUndo = authenticated
  .input(UndoRemoval)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.carts.undo(callerOf(ctx), input)));
