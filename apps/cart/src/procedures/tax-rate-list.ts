import { withScope } from "../context.ts";
import { KeptPageInput, shopScope } from "../shop/shop.ts";

/** In the order of their ids, retired ones too. */
export const taxRateList = withScope(shopScope)
  .input(KeptPageInput.prefault({}))
  .query(async ({ ctx, input }) => {
    const { items, nextCursor } = await ctx.services.shop.list("taxRate", input);
    return { items: items.map(({ id, version, data, isRetired }) => ({ taxRateId: id, version, isRetired, ...data })), nextCursor };
  });
