import { IdempotencyKey } from "@cartwright/contracts/ids";
import { maxStock, StockId } from "@cartwright/contracts/pricing-shapes";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { mostKeptAtOnce, stockScope } from "../shop/shop.ts";

/** A count. What was known before is corrected by the difference. */
export const StockCount = z.strictObject({
  stockId: StockId,
  /** Pieces on the shelf, those that running checkouts hold included. */
  onHand: z.int().min(0).max(maxStock),
  reason: lineOfText(200).optional(),
  idempotencyKey: IdempotencyKey.optional(),
});

export const StockCounts = z.strictObject({
  stocks: z
    .array(StockCount)
    .min(1)
    .max(mostKeptAtOnce)
    .refine((all) => new Set(all.map(({ stockId }) => stockId)).size === all.length, "must name each once"),
});

export const stockSet = withScope(stockScope)
  .input(StockCounts)
  .mutation(async ({ ctx, input }) => ({ stocks: (await ctx.services.stock.set(callerOf(ctx), input.stocks)).map(unwrap) }));
