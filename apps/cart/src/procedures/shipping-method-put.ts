import { ExistingCountry } from "@cartwright/contracts/existing-country";
import { ShippingMethodData, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { mostKeptAtOnce, shopScope } from "../shop/shop.ts";

/** As it is written, alone or as one of a file. What may be left out has its default. */
export const ShippingMethodInput = z.strictObject({
  shippingMethodId: ShippingMethodId,
  ...ShippingMethodData.shape,
  countries: z.array(ExistingCountry).min(1).max(250).readonly().nullable().default(null),
  freeFrom: ShippingMethodData.shape.freeFrom.default([]),
});

export const ShippingMethodsInput = z.strictObject({
  shippingMethods: z
    .array(ShippingMethodInput)
    .min(1)
    .max(mostKeptAtOnce)
    .refine((all) => new Set(all.map(({ shippingMethodId }) => shippingMethodId)).size === all.length, "must name each once"),
});

/** Needs no idempotency key: what is already so is left as it is. Not all or nothing: after an error, send it again. */
export const shippingMethodPutMany = withScope(shopScope)
  .input(ShippingMethodsInput)
  .mutation(async ({ ctx, input }) => {
    const commands = input.shippingMethods.map(({ shippingMethodId, ...data }) => ({ id: shippingMethodId, data }));
    return { shippingMethods: (await ctx.services.shop.putMany("shippingMethod", callerOf(ctx), commands)).map(unwrap) };
  });

export const shippingMethodPut = withScope(shopScope)
  .input(ShippingMethodInput)
  .mutation(async ({ ctx, input: { shippingMethodId, ...data } }) => {
    const [answer] = await ctx.services.shop.putMany("shippingMethod", callerOf(ctx), [{ id: shippingMethodId, data }]);
    if (!answer) throw new TypeError("one was put and none was answered");
    return unwrap(answer);
  });
