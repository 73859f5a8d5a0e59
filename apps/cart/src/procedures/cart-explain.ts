import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { ExplainCart } from "../quotes/explain-cart.ts";
import { unwrap } from "../refusals.ts";

export const cartExplain = authenticated
  .input(ExplainCart)
  .query(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.explain(callerOf(ctx), input)));
