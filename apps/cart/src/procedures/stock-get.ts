import { StockId } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { withScope } from "../context.ts";
import { stockScope } from "../shop/shop.ts";

export const stockGet = withScope(stockScope)
  .input(z.strictObject({ stockIds: z.array(StockId).min(1).max(500) }))
  .query(async ({ ctx, input }) => ({ stocks: [...(await ctx.services.stock.levels([...new Set(input.stockIds)])).values()] }));
