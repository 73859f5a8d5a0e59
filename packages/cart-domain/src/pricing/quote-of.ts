import type { Money } from "@cartwright/contracts/money";
import type { Quote, QuoteCoupon, QuoteLine, QuoteShipping, QuoteTax } from "@cartwright/contracts/pricing-shapes";
import { amountIn } from "./amount-in.ts";
import { couponCuts } from "./coupon-cuts.ts";
import type { Pricing, UsedCoupon, UsedShipping, UsedTaxRate } from "./pricing.ts";
import { taxShares } from "./tax-shares.ts";

/**
 * What it all comes to, in whole minor units: lines, then coupons one after another on what is left, then shipping by what the lines come
 * to after them, then the tax on all of it, rounded once and split over lines and shipping so that the parts sum to the whole.
 * Null where a sum would lie beyond 2^53 − 1: it is never rounded.
 */
export const quoteOf = (pricing: Pricing): Quote | null => {
  const { currency, rounding, country, taxRate } = pricing;
  const money = (amountMinor: number): Money => ({ amountMinor, currency });
  const lists = pricing.lines.map(({ unitPrice, quantity }) => unitPrice.amountMinor * quantity);
  const cuts = couponCuts({ ...pricing, lists, rounding: rounding.discounts });
  const nets = lists.map((list, index) => list - (cuts.lines[index] ?? 0));
  const shipping = shippingCost(pricing, sum(nets));
  const taxed = [...nets, taxRate?.rate.onShipping ? shipping.net : 0];
  const tax = taxShares({ amounts: taxed, rate: taxRate?.rate ?? null, rounding: rounding.tax });
  const onTop = (share: number | undefined) => (taxRate?.rate.isInclusive === false ? (share ?? 0) : 0);

  const lines = pricing.lines.map((line, index): QuoteLine => {
    const share = tax.shares[index] ?? 0;
    const [list = 0, net = 0] = [lists[index], nets[index]];
    const amounts = { list: money(list), discount: money(list - net), tax: money(share), total: money(net + onTop(share)) };
    const discounts = pricing.coupons.flatMap(({ code }, coupon) => {
      const off = cuts.coupons[coupon]?.shares[index] ?? 0;
      return off > 0 ? [{ code, amount: money(off) }] : [];
    });
    return { ...line, ...amounts, discounts };
  });
  const shippingTax = tax.shares.at(-1) ?? 0;
  const total = sum(nets) + shipping.net + onTop(tax.amount);
  if (![...lists, sum(lists), total].every(Number.isSafeInteger)) return null;
  return {
    ...{ currency, rounding, country, lines },
    coupons: pricing.coupons.map((coupon, index): QuoteCoupon => {
      const { code, version, terms } = coupon;
      const isOffShipping = terms.discount.kind === "freeShipping";
      const cut = cuts.coupons[index] ?? { base: 0, amount: 0 };
      const off = isOffShipping ? { base: shipping.list, amount: coupon === shipping.freedBy ? shipping.list : 0 } : cut;
      return { code, version, discount: terms.discount, base: money(off.base), amount: money(off.amount) };
    }),
    shipping:
      pricing.shipping &&
      shownShipping(pricing.shipping, { ...shipping, tax: shippingTax, total: shipping.net + onTop(shippingTax) }, money),
    tax: taxRate && shownTax(taxRate, tax, money),
    totals: {
      subtotal: money(sum(lists)),
      discount: money(sum(cuts.lines)),
      shipping: money(shipping.net),
      tax: money(tax.amount),
      total: money(total),
    },
  };
};

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

type ShippingCost = {
  readonly list: number;
  readonly net: number;
  readonly freeFrom: number | null;
  readonly freedBy: UsedCoupon | null;
};

/** The price of the method; nothing from where it is free, or else where a coupon makes it so: the first of them, since it can be free once. */
const shippingCost = ({ shipping, currency, coupons }: Pricing, goods: number): ShippingCost => {
  if (!shipping) return { list: 0, net: 0, freeFrom: null, freedBy: null };
  const { prices, freeFrom } = shipping.method;
  const list = amountIn(prices, currency);
  if (list === null) throw new RangeError(`${shipping.shippingMethodId} has no price in ${currency}`);
  const limit = amountIn(freeFrom, currency);
  if (limit !== null && goods >= limit) return { list, net: 0, freeFrom: limit, freedBy: null };
  const freedBy = coupons.find(({ terms }) => terms.discount.kind === "freeShipping") ?? null;
  return { list, net: freedBy ? 0 : list, freeFrom: null, freedBy };
};

type ToMoney = (amountMinor: number) => Money;
type ShippingAmounts = { list: number; net: number; freeFrom: number | null; tax: number; total: number };

const shownShipping = ({ shippingMethodId, version, method }: UsedShipping, amounts: ShippingAmounts, money: ToMoney): QuoteShipping => ({
  ...{ shippingMethodId, version, name: method.name, list: money(amounts.list), discount: money(amounts.list - amounts.net) },
  ...{ freeFrom: amounts.freeFrom === null ? null : money(amounts.freeFrom) },
  ...{ tax: money(amounts.tax), total: money(amounts.total) },
});

const shownTax = ({ taxRateId, version, rate }: UsedTaxRate, tax: { base: number; amount: number }, money: ToMoney): QuoteTax => {
  const { country, name, ratePpm, isInclusive, onShipping } = rate;
  return { taxRateId, version, country, name, ratePpm, isInclusive, onShipping, base: money(tax.base), amount: money(tax.amount) };
};
