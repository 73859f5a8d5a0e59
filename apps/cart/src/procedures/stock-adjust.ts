import { IdempotencyKey } from "@cartwright/contracts/ids";
import { maxStock, StockId } from "@cartwright/contracts/pricing-shapes";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { mostKeptAtOnce, stockScope } from "../shop/shop.ts";

export const StockAdjustment = z.strictObject({
  stockId: StockId,
  /** Pieces that came, or went. */
  delta: z.int().min(-maxStock).max(maxStock),
  reason: lineOfText(200).optional(),
  /** Without one, a retry whose first answer was lost adjusts twice. */
  idempotencyKey: IdempotencyKey.optional(),
});

export const StockAdjustments = z.strictObject({
  /** Of the whole delivery: a retry, also one whose first try was cut short, adjusts each stock once. */
  idempotencyKey: IdempotencyKey,
  adjustments: z
    .array(StockAdjustment.omit({ idempotencyKey: true }))
    .min(1)
    .max(mostKeptAtOnce)
    .refine((all) => new Set(all.map(({ stockId }) => stockId)).size === all.length, "must name each once"),
});

export const stockAdjust = withScope(stockScope)
  .input(StockAdjustment)
  .mutation(async ({ ctx, input }) => {
    const [answer] = await ctx.services.stock.adjust(callerOf(ctx), [input]);
    if (!answer) throw new TypeError("one was adjusted and none was answered");
    return unwrap(answer);
  });

/** Each for itself: a delivery is taken in but for what is refused, which is said beside the levels. */
export const stockAdjustMany = withScope(stockScope)
  .input(StockAdjustments)
  .mutation(async ({ ctx, input }) => {
    const { idempotencyKey, adjustments } = input;
    const answers = await ctx.services.stock.adjust(
      callerOf(ctx),
      adjustments.map((adjustment) => ({ ...adjustment, idempotencyKey })),
    );
    const stocks = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    return { stocks, refused: answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal])) };
  });
