// Stored for ever, within `CheckoutStarted` of version 2. Never edited.
import * as z from "zod";
import { Pieces } from "./cart-shapes.ts";
import type { CheckoutLine } from "./checkout-shapes.ts";
import { Currency } from "./currency.ts";
import { ProductId } from "./ids.ts";
import { type Money as Amount, Money, zero } from "./money.ts";
import {
  Country,
  CouponCode,
  CouponData,
  CouponDiscount,
  OrderTotals,
  type Quote,
  type QuoteLine,
  QuoteTax,
  Rounding,
  ShippingMethodData,
  ShippingMethodId,
} from "./pricing-shapes.ts";

const LineV2 = z.strictObject({
  productId: ProductId,
  quantity: Pieces,
  unitPrice: Money,
  list: Money,
  discount: Money,
  tax: Money,
  total: Money,
});

const CouponV2 = z.strictObject({
  code: CouponCode,
  version: z.int().positive(),
  discount: CouponDiscount,
  amount: Money,
  maxUses: CouponData.shape.maxUses,
  maxUsesPerCustomer: CouponData.shape.maxUsesPerCustomer,
});

const ShippingV2 = z.strictObject({
  shippingMethodId: ShippingMethodId,
  version: z.int().positive(),
  name: ShippingMethodData.shape.name,
  list: Money,
  discount: Money,
  tax: Money,
  total: Money,
});

/** Version 2 knew of one rounding rule, of no versions of products, and not what each coupon took off each line. */
export const QuoteV2 = z.strictObject({
  currency: Currency,
  rounding: Rounding,
  country: Country.nullable(),
  lines: z.array(LineV2).readonly(),
  coupons: z.array(CouponV2).readonly(),
  shipping: ShippingV2.nullable(),
  tax: QuoteTax.nullable(),
  totals: OrderTotals,
});
export type QuoteV2 = z.infer<typeof QuoteV2>;

/** What is not known of it stays unsaid; of a single coupon it is known what it took off each line. */
export const quoteOfV2 = ({ rounding, lines, coupons, shipping, ...rest }: QuoteV2): Quote => {
  const offLines = coupons.filter(({ discount }) => discount.kind !== "freeShipping");
  const [only] = offLines.length === 1 ? offLines : [];
  return {
    ...rest,
    rounding: { discounts: rounding, tax: rounding },
    lines: lines.map((line): QuoteLine => {
      const discounts = only && line.discount.amountMinor > 0 ? [{ code: only.code, amount: line.discount }] : [];
      return { ...line, productVersion: null, discounts };
    }),
    coupons: coupons.map(({ maxUses: _all, maxUsesPerCustomer: _each, ...coupon }) => ({ ...coupon, base: null })),
    shipping: shipping && { ...shipping, freeFrom: null },
  };
};

/** The quote of version 1, which knew nothing but lines and their sum. */
export const plainQuoteV2 = (lines: readonly CheckoutLine[], total: Amount): QuoteV2 => {
  const { currency } = total;
  const none = zero(currency);
  return {
    currency,
    rounding: "half-up",
    country: null,
    lines: lines.map((line) => {
      const list = { amountMinor: line.unitPrice.amountMinor * line.quantity, currency };
      return { ...line, list, discount: none, tax: none, total: list };
    }),
    coupons: [],
    shipping: null,
    tax: null,
    totals: { subtotal: total, discount: none, shipping: none, tax: none, total },
  };
};
