import type { Money } from "@cartwright/contracts/money";
import { type Quote, QuoteHash } from "@cartwright/contracts/pricing-shapes";

/** What the shopper agrees to: see `QuoteHash`. */
export const quoteHashOf = async (quote: Quote): Promise<QuoteHash> => {
  const { currency, country, lines, coupons, shipping, totals } = quote;
  const goods = {
    currency,
    coupons: coupons.map(({ code }) => code),
    lines: lines.map(({ productId, quantity }) => [productId, quantity]),
  };
  const delivery = { country, shipping: shipping?.shippingMethodId ?? null };
  const [goodsHash, deliveryHash, priceHash] = await Promise.all([digest(goods), digest(delivery), digest(quote)]);
  return QuoteHash.parse(`${goodsHash.slice(0, HALF)}${deliveryHash.slice(0, HALF)}.${priceHash}.${totals.total.amountMinor}`);
};

/** Of the letters of a digest: 66 bits, which tell one's own carts apart. */
const HALF = 11;

/**
 * Whether who agreed to one quote agrees to another: to the `same`, to a `cheaper` one of the same goods, which is passed on; not to a
 * `dearer` one, nor to `other` goods, or to another delivery of them.
 */
export type Agreement = "same" | "cheaper" | "dearer" | "other";

export const agreementOf = (agreed: QuoteHash, now: QuoteHash): Agreement => {
  const [before, after] = [partsOf(agreed), partsOf(now)];
  if (before.goods !== after.goods || before.delivery !== after.delivery) return "other";
  if (before.price === after.price && before.total === after.total) return "same";
  return after.total <= before.total ? "cheaper" : "dearer";
};

/** What is no longer as it was agreed to, beside the price. */
export const changesSince = (agreed: QuoteHash, now: QuoteHash): { readonly goodsChanged: boolean; readonly deliveryChanged: boolean } => {
  const [before, after] = [partsOf(agreed), partsOf(now)];
  return { goodsChanged: before.goods !== after.goods, deliveryChanged: before.delivery !== after.delivery };
};

/** The most that was agreed to. */
export const agreedTotal = (agreed: QuoteHash, { currency }: Pick<Quote, "currency">): Money => ({
  amountMinor: partsOf(agreed).total,
  currency,
});

const partsOf = (hash: QuoteHash) => {
  const [what = "", price, total] = hash.split(".");
  return { goods: what.slice(0, HALF), delivery: what.slice(HALF), price, total: Number(total) };
};

/** 128 bits of SHA-256. What is hashed is made in one place, so its fields always come in the same order. */
const digest = async (value: object): Promise<string> => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value))));
  return bytes.slice(0, 16).toBase64({ alphabet: "base64url", omitPadding: true });
};
