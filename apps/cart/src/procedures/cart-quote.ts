import { callerOf } from "../carts/caller.ts";
import { authenticated } from "../context.ts";
import { QuoteCart } from "../quotes/quote-cart.ts";
import { unwrap } from "../refusals.ts";

export const cartQuote = authenticated
  .input(QuoteCart)
  .mutation(async ({ ctx, input }) => unwrap(await ctx.services.checkouts.quote(callerOf(ctx), input)));
