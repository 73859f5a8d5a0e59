import { ProductId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { Country, CouponCode, type CouponData, ShippingMethodId, TaxRateId } from "@cartwright/contracts/pricing-shapes";
import fc from "fast-check";
import type { Pricing, UsedCoupon } from "./pricing.ts";

/** What is bought and how, in the language of the tests. A development export. */
export const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });
export const line = (unitMinor: number, quantity = 1, name = "shoes") => ({
  productId: ProductId.parse(name),
  productVersion: 4,
  quantity,
  unitPrice: eur(unitMinor),
});
export const held = { validFrom: null, validUntil: null, minimum: [], products: null, maxUses: null, maxUsesPerCustomer: null };
export const coupon = (discount: CouponData["discount"], terms: Partial<CouponData> = {}): UsedCoupon => ({
  code: CouponCode.parse("C"),
  version: 1,
  terms: { ...held, discount, ...terms },
});
export const percent = (ratePpm: number) => coupon({ kind: "percentage", ratePpm });
export const country = Country.parse("DE");
export const taxRate = (ratePpm: number, isInclusive: boolean) => ({
  taxRateId: TaxRateId.parse("de"),
  version: 3,
  rate: {
    country,
    name: "Tax",
    ratePpm,
    isInclusive,
    onShipping: true,
    validFrom: Instant.parse("2026-01-01T00:00:00.000Z"),
    validUntil: null,
  },
});
export const shipping = (price: number, freeFrom: readonly Money[] = []) => ({
  shippingMethodId: ShippingMethodId.parse("standard"),
  version: 2,
  method: { name: "Standard", countries: null, prices: [eur(price)], freeFrom },
});
export const halfUp = { discounts: "half-up", tax: "half-up" } as const;
export const plain: Pricing = {
  lines: [line(1_000)],
  currency: "EUR",
  coupons: [],
  shipping: null,
  country,
  taxRate: null,
  rounding: halfUp,
};

export const anAmount = fc.integer({ min: 0, max: 1_000_000_000 });
const aDiscount: fc.Arbitrary<CouponData["discount"]> = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map((ratePpm) => ({ kind: "percentage" as const, ratePpm })),
  anAmount.map((amount) => ({ kind: "fixed" as const, amounts: [eur(amount)] })),
  fc.constant({ kind: "freeShipping" as const }),
);
const aRounding = fc.constantFrom("half-up" as const, "half-even" as const);
export const aPricing: fc.Arbitrary<Pricing> = fc
  .record({
    lines: fc.array(fc.record({ price: anAmount, quantity: fc.integer({ min: 1, max: 9_999 }) }), { minLength: 1, maxLength: 20 }),
    coupons: fc.array(fc.record({ discount: aDiscount, first: fc.boolean() }), { maxLength: 5 }),
    shipping: fc.option(fc.record({ price: anAmount, freeFrom: fc.option(anAmount) })),
    rate: fc.option(fc.record({ ratePpm: fc.integer({ min: 0, max: 1_000_000 }), isInclusive: fc.boolean(), onShipping: fc.boolean() })),
    rounding: fc.record({ discounts: aRounding, tax: aRounding }),
  })
  .map(({ lines, coupons, shipping: shipped, rate, rounding }) => ({
    ...plain,
    rounding,
    lines: lines.map(({ price, quantity }, index) => line(price, quantity, `product-${index}`)),
    coupons: coupons.map(({ discount, first }, index) => ({
      ...coupon(discount, first ? { products: [ProductId.parse("product-0")] } : {}),
      code: CouponCode.parse(`C${index}`),
    })),
    shipping: shipped && shipping(shipped.price, shipped.freeFrom === null ? [] : [eur(shipped.freeFrom)]),
    taxRate: rate && { ...taxRate(0, true), rate: { ...taxRate(0, true).rate, ...rate } },
  }));
