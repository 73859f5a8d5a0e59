import { IdempotencyKey } from "@cartwright/contracts/ids";
import { StockId } from "@cartwright/contracts/pricing-shapes";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { stockScope } from "../shop/shop.ts";

export const StockAdjustment = z.strictObject({
  stockId: StockId,
  /** Pieces that came, or went. */
  delta: z.int(),
  reason: lineOfText(200).optional(),
  /** Without one, a retry whose first answer was lost adjusts twice. */
  idempotencyKey: IdempotencyKey.optional(),
});

export const stockAdjust = withScope(stockScope)
  .input(StockAdjustment)
  .mutation(async ({ ctx, input }) => {
    const [answer] = await ctx.services.stock.adjust(callerOf(ctx), [input]);
    if (!answer) throw new TypeError("one was adjusted and none was answered");
    return unwrap(answer);
  });
