import type { Money } from "@cartwright/contracts/money";
import { type Quote, QuoteHash } from "@cartwright/contracts/pricing-shapes";

/** What the shopper agrees to: see `QuoteHash`. */
export const quoteHashOf = async (quote: Quote): Promise<QuoteHash> => {
  const { currency, country, lines, coupons, shipping, totals } = quote;
  const goods = {
    ...{ currency, country, shipping: shipping?.shippingMethodId ?? null, coupons: coupons.map(({ code }) => code) },
    lines: lines.map(({ productId, quantity }) => [productId, quantity]),
  };
  const [goodsHash, priceHash] = await Promise.all([digest(goods), digest(quote)]);
  return QuoteHash.parse(`${goodsHash}.${priceHash}.${totals.total.amountMinor}`);
};

/**
 * Whether who agreed to one quote agrees to another: to the `same`, to a `cheaper` one of the same goods, which is passed on; not to a
 * `dearer` one, nor to `otherGoods`.
 */
export type Agreement = "same" | "cheaper" | "dearer" | "otherGoods";

export const agreementOf = (agreed: QuoteHash, now: QuoteHash): Agreement => {
  const [before, after] = [partsOf(agreed), partsOf(now)];
  if (before.goods !== after.goods) return "otherGoods";
  if (before.price === after.price && before.total === after.total) return "same";
  return after.total <= before.total ? "cheaper" : "dearer";
};

/** The most that was agreed to. */
export const agreedTotal = (agreed: QuoteHash, { currency }: Pick<Quote, "currency">): Money => ({
  amountMinor: partsOf(agreed).total,
  currency,
});

const partsOf = (hash: QuoteHash) => {
  const [goods, price, total] = hash.split(".");
  return { goods, price, total: Number(total) };
};

/** 128 bits of SHA-256. What is hashed is made in one place, so its fields always come in the same order. */
const digest = async (value: object): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value))));
  return bytes.slice(0, 16).toBase64({ alphabet: "base64url", omitPadding: true });
};
