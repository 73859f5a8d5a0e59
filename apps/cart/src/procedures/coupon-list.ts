import { withScope } from "../context.ts";
import { KeptPageInput, shopScope } from "../shop/shop.ts";

/** In the order of their ids, retired ones too. */
export const couponList = withScope(shopScope)
  .input(KeptPageInput.prefault({}))
  .query(async ({ ctx, input }) => {
    const { items, nextCursor } = await ctx.services.shop.list("coupon", input);
    return { items: items.map(({ id, version, data, isRetired }) => ({ code: id, version, isRetired, ...data })), nextCursor };
  });
