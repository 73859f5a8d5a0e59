import { CouponCode, CouponData } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { mostKeptAtOnce, shopScope } from "../shop/shop.ts";

/** As it is written, alone or as one of a file. What may be left out has its default. */
export const CouponInput = z.strictObject({
  code: CouponCode,
  ...CouponData.shape,
  validFrom: CouponData.shape.validFrom.default(null),
  validUntil: CouponData.shape.validUntil.default(null),
  minimum: CouponData.shape.minimum.default([]),
  products: CouponData.shape.products.default(null),
  maxUses: CouponData.shape.maxUses.default(null),
  maxUsesPerCustomer: CouponData.shape.maxUsesPerCustomer.default(null),
});

export const CouponsInput = z.strictObject({
  coupons: z
    .array(CouponInput)
    .min(1)
    .max(mostKeptAtOnce)
    .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, "must name each once"),
});

/** Needs no idempotency key: what is already so is left as it is. Not all or nothing: after an error, send it again. */
export const couponPutMany = withScope(shopScope)
  .input(CouponsInput)
  .mutation(async ({ ctx, input }) => {
    const commands = input.coupons.map(({ code, ...data }) => ({ id: code, data }));
    return { coupons: (await ctx.services.shop.putMany("coupon", callerOf(ctx), commands)).map(unwrap) };
  });

export const couponPut = withScope(shopScope)
  .input(CouponInput)
  .mutation(async ({ ctx, input: { code, ...data } }) => {
    const [answer] = await ctx.services.shop.putMany("coupon", callerOf(ctx), [{ id: code, data }]);
    if (!answer) throw new TypeError("one was put and none was answered");
    return unwrap(answer);
  });
