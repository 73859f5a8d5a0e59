import { publicProcedure } from "../context.ts";
import { KeptPageInput } from "../shop/shop.ts";

/** In the order of their ids, retired ones too. */
export const shippingMethodList = publicProcedure.input(KeptPageInput.prefault({})).query(async ({ ctx, input }) => {
  const { items, nextCursor } = await ctx.services.shop.list("shippingMethod", input);
  return { items: items.map(({ id, version, data, isRetired }) => ({ shippingMethodId: id, version, isRetired, ...data })), nextCursor };
});
