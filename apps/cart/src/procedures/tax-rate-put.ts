import { ExistingCountry } from "@cartwright/contracts/existing-country";
import { TaxRateData, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import * as z from "zod";
import { callerOf } from "../carts/caller.ts";
import { withScope } from "../context.ts";
import { unwrap } from "../refusals.ts";
import { mostKeptAtOnce, shopScope } from "../shop/shop.ts";

/** As it is written, alone or as one of a file. What may be left out has its default. */
export const TaxRateInput = z.strictObject({
  taxRateId: TaxRateId,
  ...TaxRateData.shape,
  country: ExistingCountry,
  onShipping: TaxRateData.shape.onShipping.default(true),
  validUntil: TaxRateData.shape.validUntil.default(null),
});

export const TaxRatesInput = z.strictObject({
  taxRates: z
    .array(TaxRateInput)
    .min(1)
    .max(mostKeptAtOnce)
    .refine((all) => new Set(all.map(({ taxRateId }) => taxRateId)).size === all.length, "must name each once"),
});

/** Needs no idempotency key: what is already so is left as it is. Not all or nothing: after an error, send it again. */
export const taxRatePutMany = withScope(shopScope)
  .input(TaxRatesInput)
  .mutation(async ({ ctx, input }) => {
    const commands = input.taxRates.map(({ taxRateId, ...data }) => ({ id: taxRateId, data }));
    return { taxRates: (await ctx.services.shop.putMany("taxRate", callerOf(ctx), commands)).map(unwrap) };
  });

export const taxRatePut = withScope(shopScope)
  .input(TaxRateInput)
  .mutation(async ({ ctx, input: { taxRateId, ...data } }) => {
    const [answer] = await ctx.services.shop.putMany("taxRate", callerOf(ctx), [{ id: taxRateId, data }]);
    if (!answer) throw new TypeError("one was put and none was answered");
    return unwrap(answer);
  });
