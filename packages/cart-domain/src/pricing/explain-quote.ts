import type { Calculation, Explanation, ExplanationPart, ExplanationSource, QuoteExplanation } from "@cartwright/contracts/explanation";
import type { Money } from "@cartwright/contracts/money";
import type { Quote } from "@cartwright/contracts/pricing-shapes";
import { explainCoupon } from "./explain-coupon.ts";
import { explainTax, taxEffect } from "./explain-tax.ts";
import type { EventsAbout, Explaining } from "./explaining.ts";

/** Why each amount of a quote is what it is, down to what was put into the cart, and to the versions of what the shop says. */
export const explainQuote = (quote: Quote, eventsAbout: EventsAbout): QuoteExplanation => {
  const explaining = { quote, eventsAbout };
  return {
    explanation: explainTotal(explaining),
    lines: quote.lines.map((_, index) => explainLine(explaining, index)),
    shipping: quote.shipping && explainShipping(explaining),
  };
};

/** A part of an amount that is explained; what it is made of itself may be left out where it is explained elsewhere. */
export const part = (effect: ExplanationPart["effect"], explanation: Explanation): ExplanationPart => ({ ...explanation, effect });

type Facts = Pick<Explanation, "of" | "amount" | "rule"> & Partial<Pick<Explanation, "source" | "calculation" | "parts">>;

export const explained = ({ source = null, calculation = null, parts = [], ...facts }: Facts): Explanation => ({
  ...facts,
  ...{ source, calculation, parts },
});

const explainTotal = (explaining: Explaining): Explanation => {
  const { lines, coupons, tax, totals } = explaining.quote;
  const listed = lines.map((_, index) => part("added", explainList(explaining, index)));
  const off = coupons.flatMap(({ discount }, index) =>
    discount.kind === "freeShipping" ? [] : [part("added", explainCoupon(explaining, index))],
  );
  const parts: ExplanationPart[] = [
    part("added", explained({ of: "totals.subtotal", amount: totals.subtotal, rule: "sumOfLines", parts: listed })),
    part("takenOff", explained({ of: "totals.discount", amount: totals.discount, rule: "sumOfDiscounts", parts: off })),
    part("added", explainShippingNet(explaining)),
  ];
  const taxes = tax ? [part("added", explainTax(explaining))] : [];
  parts.push(
    part(
      taxEffect(explaining.quote),
      explained({ of: "totals.tax", amount: totals.tax, rule: tax ? "sumOfTaxes" : "noTaxRate", parts: taxes }),
    ),
  );
  return explained({ of: "totals.total", amount: totals.total, rule: "total", parts });
};

const explainShippingNet = (explaining: Explaining): Explanation => {
  const { shipping, totals } = explaining.quote;
  const parts = shipping
    ? [part("added", explainShippingPrice(explaining)), part("takenOff", explainShippingDiscount(explaining))]
    : freeing(explaining, "takenOff");
  return explained({ of: "totals.shipping", amount: totals.shipping, rule: "shippingAfterDiscounts", parts });
};

const explainLine = (explaining: Explaining, index: number): Explanation => {
  const { quote, eventsAbout } = explaining;
  const { discount, discounts, tax, total } = lineAt(quote, index);
  const of = `lines.${index}`;
  const shares = discounts.map(({ code, amount }, which) => {
    const coupon = quote.coupons.find((each) => each.code === code);
    const source: ExplanationSource = { kind: "coupon", id: code, version: coupon?.version ?? null, events: eventsAbout("coupon", code) };
    const calculation: Calculation | null = coupon ? { kind: "share", of: coupon.amount } : null;
    return part("added", explained({ of: `${of}.discounts.${which}.amount`, amount, rule: "shareOfDiscount", source, calculation }));
  });
  // Of an order of before it was written down, the whole is known, and not which coupon took how much.
  const unsaid: Calculation | null = shares.length === 0 ? { kind: "share", of: quote.totals.discount } : null;
  const off = explained({ of: `${of}.discount`, amount: discount, rule: "sumOfDiscounts", calculation: unsaid, parts: shares });
  const parts = [part("added", explainList(explaining, index)), part("takenOff", off), ...taxShare(quote, `${of}.tax`, tax)];
  return explained({ of: `${of}.total`, amount: total, rule: "lineTotal", parts });
};

const explainList = ({ quote, eventsAbout }: Explaining, index: number): Explanation => {
  const { productId, productVersion, quantity, unitPrice, list } = lineAt(quote, index);
  const source: ExplanationSource = { kind: "product", id: productId, version: productVersion, events: eventsAbout("product", productId) };
  return explained({
    of: `lines.${index}.list`,
    amount: list,
    rule: "unitPriceTimesPieces",
    source,
    calculation: { kind: "pieces", quantity, unitPrice },
    parts: [part("held", explained({ of: `lines.${index}.unitPrice`, amount: unitPrice, rule: "listPrice", source }))],
  });
};

const explainShipping = (explaining: Explaining): Explanation => {
  const { quote } = explaining;
  const { tax, total } = shippingOf(quote);
  const parts = [
    part("added", explainShippingPrice(explaining)),
    part("takenOff", explainShippingDiscount(explaining)),
    ...taxShare(quote, "shipping.tax", tax),
  ];
  return explained({ of: "shipping.total", amount: total, rule: "shippingTotal", parts });
};

const explainShippingPrice = ({ quote }: Explaining): Explanation =>
  explained({ of: "shipping.list", amount: shippingOf(quote).list, rule: "shippingPrice", source: methodOf(quote) });

/** Nothing, all of it from where the method is free, or what a coupon makes of it. */
const explainShippingDiscount = (explaining: Explaining): Explanation => {
  const { quote } = explaining;
  const { list, discount, freeFrom } = shippingOf(quote);
  const [of, amount] = ["shipping.discount", discount];
  if (freeFrom) {
    const calculation: Calculation = { kind: "from", limit: freeFrom, of: list };
    const parts = freeing(explaining, "held");
    return explained({ of, amount, rule: "freeShippingFrom", source: methodOf(quote), calculation, parts });
  }
  return explained({ of, amount, rule: "sumOfDiscounts", parts: freeing(explaining, "added") });
};

/** The coupons for free shipping, those too that found nothing to take off. */
const freeing = (explaining: Explaining, effect: ExplanationPart["effect"]): readonly ExplanationPart[] =>
  explaining.quote.coupons.flatMap(({ discount }, index) =>
    discount.kind === "freeShipping" ? [part(effect, explainCoupon(explaining, index))] : [],
  );

const methodOf = (quote: Quote): ExplanationSource => {
  const { shippingMethodId, version } = shippingOf(quote);
  return { kind: "shippingMethod", id: shippingMethodId, version, events: [] };
};

/** What of the whole tax falls to this; nothing where none is in force. */
const taxShare = (quote: Quote, of: string, amount: Money): readonly ExplanationPart[] => {
  const { tax } = quote;
  const source: ExplanationSource | null = tax && { kind: "taxRate", id: tax.taxRateId, version: tax.version, events: [] };
  const calculation: Calculation | null = tax && { kind: "share", of: tax.amount };
  return [part(taxEffect(quote), explained({ of, amount, rule: "shareOfTax", source, calculation }))];
};

const lineAt = ({ lines }: Quote, index: number) => {
  const line = lines[index];
  if (!line) throw new RangeError(`the quote has no line ${index}`);
  return line;
};

const shippingOf = ({ shipping }: Quote) => {
  if (!shipping) throw new TypeError("the quote is without shipping");
  return shipping;
};
