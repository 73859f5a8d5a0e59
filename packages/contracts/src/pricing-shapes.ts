import * as z from "zod";
import { Pieces } from "./cart-shapes.ts";
import { Currency } from "./currency.ts";
import { ProductId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { lineOfText } from "./text.ts";

/** ISO 3166-1 alpha-2, such as `VN`, as it is stored; what comes from outside is an `ExistingCountry`. */
export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be a country by its two letters, such as VN")
  .brand<"Country", "inout">();
export type Country = z.infer<typeof Country>;

const code = (what: string) =>
  z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, `must be ${what} of 1 to 64 lower-case letters, digits or . _ -`);

/** What the shopper types. Read as upper case, since two spellings of one code would be two coupons. */
export const CouponCode = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z0-9](?:[A-Z0-9_-]{0,38}[A-Z0-9])?$/, "must be 1 to 40 letters, digits or _ -")
  .brand<"CouponCode", "inout">();
export type CouponCode = z.infer<typeof CouponCode>;

/** What is counted on the shelf. Products may share one. */
export const StockId = code("a stock's id").brand<"StockId", "inout">();
export type StockId = z.infer<typeof StockId>;

/**
 * Pieces of a stock that a shop may count or have delivered: more than there are of anything, and so far below 2^53 − 1, to which a counter
 * counts, that what carts give back beyond it is never too much.
 */
export const maxStock = 1_000_000_000_000;

export const ShippingMethodId = code("a shipping method's id").brand<"ShippingMethodId", "inout">();
export type ShippingMethodId = z.infer<typeof ShippingMethodId>;

export const TaxRateId = code("a tax rate's id").brand<"TaxRateId", "inout">();
export type TaxRateId = z.infer<typeof TaxRateId>;

/** Parts per million: 190 000 is 19 %. */
export const RatePpm = z.int().min(0).max(1_000_000);

/** What becomes of a half of the smallest unit: up, or to the even neighbour. */
export const Rounding = z.enum(["half-up", "half-even"]);
export type Rounding = z.infer<typeof Rounding>;

/** Of each step that can end in a fraction of a unit: lines and shipping are prices times pieces, and never do. */
export const RoundingRules = z.strictObject({ discounts: Rounding, tax: Rounding });
export type RoundingRules = z.infer<typeof RoundingRules>;

const onePerCurrency = (prices: readonly Money[]) => new Set(prices.map(({ currency }) => currency)).size === prices.length;
const Amounts = z.array(Money).max(200).refine(onePerCurrency, "must hold one amount a currency").readonly();

/** What a coupon takes off: of the products that it is for, or of the shipping. */
export const CouponDiscount = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("percentage"), ratePpm: RatePpm.min(1) }),
  /** At most what the products come to. A currency that is not named has none. */
  z.strictObject({ kind: z.literal("fixed"), amounts: Amounts.refine((amounts) => amounts.length > 0, "must name an amount") }),
  z.strictObject({ kind: z.literal("freeShipping") }),
]);
export type CouponDiscount = z.infer<typeof CouponDiscount>;

/** When and for what a coupon holds. */
export const CouponData = z.strictObject({
  discount: CouponDiscount,
  /** Inclusive, and exclusive; null is open. */
  validFrom: Instant.nullable(),
  validUntil: Instant.nullable(),
  /** What the lines must come to before any discount; a currency that is not named has no minimum. */
  minimum: Amounts,
  /** The products that it is for; null is all. */
  products: z.array(ProductId).min(1).max(500).readonly().nullable(),
  /** Orders in all, and of one shopper; null is without end. */
  maxUses: z.int().positive().nullable(),
  maxUsesPerCustomer: z.int().positive().nullable(),
});
export type CouponData = z.infer<typeof CouponData>;

/** A way in which an order comes to the shopper. */
export const ShippingMethodData = z.strictObject({
  name: lineOfText(100),
  /** Where it goes; null is everywhere. */
  countries: z.array(Country).min(1).max(250).readonly().nullable(),
  /** A currency that is not named is not served. */
  prices: Amounts.refine((prices) => prices.length > 0, "must name a price"),
  /** From what the lines come to after discounts it costs nothing; a currency that is not named has no such limit. */
  freeFrom: Amounts,
});
export type ShippingMethodData = z.infer<typeof ShippingMethodData>;

/** A tax of a country. One is in force at a time: that which began last. A country of which none is in force is not taxed. */
export const TaxRateData = z.strictObject({
  country: Country,
  name: lineOfText(100),
  ratePpm: RatePpm,
  /** Whether list prices hold it already. */
  isInclusive: z.boolean(),
  /** Whether it is on the shipping as well. */
  onShipping: z.boolean(),
  /** Inclusive, and exclusive; null is open. */
  validFrom: Instant,
  validUntil: Instant.nullable(),
});
export type TaxRateData = z.infer<typeof TaxRateData>;

/**
 * A line of a quote. `list` is the unit price times the pieces; `total` is what the line comes to at the end: `list` less `discount`, and
 * `tax` on top where the rate is exclusive. Parts always sum to the whole.
 */
export const QuoteLine = z.strictObject({
  productId: ProductId,
  /** Of what the catalogue said of the product when its price was taken; null where the price is not the catalogue's. */
  productVersion: z.int().positive().nullable(),
  quantity: Pieces,
  unitPrice: Money,
  list: Money,
  discount: Money,
  /** What each coupon took off this line, those that took nothing left out; they sum to `discount`. */
  discounts: z.array(z.strictObject({ code: CouponCode, amount: Money })).readonly(),
  tax: Money,
  total: Money,
});
export type QuoteLine = z.infer<typeof QuoteLine>;

/** A coupon of a quote, in the version of its terms that was used, and what it took off in all. */
export const QuoteCoupon = z.strictObject({
  code: CouponCode,
  version: z.int().positive(),
  discount: CouponDiscount,
  /** What that was of which it took off; null where nobody has written it down. */
  base: Money.nullable(),
  amount: Money,
});
export type QuoteCoupon = z.infer<typeof QuoteCoupon>;

export const QuoteShipping = z.strictObject({
  shippingMethodId: ShippingMethodId,
  version: z.int().positive(),
  name: ShippingMethodData.shape.name,
  /** The price of the method. */
  list: Money,
  /** All of it, where the lines come to so much that it is free, or where a coupon makes it so. */
  discount: Money,
  /** From where it was free, if the lines came to that. */
  freeFrom: Money.nullable(),
  tax: Money,
  total: Money,
});
export type QuoteShipping = z.infer<typeof QuoteShipping>;

/** The rate that was used, what it was taken of, and what it came to. */
export const QuoteTax = z.strictObject({
  taxRateId: TaxRateId,
  version: z.int().positive(),
  country: Country,
  name: TaxRateData.shape.name,
  ratePpm: RatePpm,
  isInclusive: z.boolean(),
  onShipping: z.boolean(),
  /** Without the tax. */
  base: Money,
  amount: Money,
});
export type QuoteTax = z.infer<typeof QuoteTax>;

/** What it all comes to: `total` = `subtotal` − `discount` + `shipping`, and `tax` on top where the rate is exclusive. */
export const OrderTotals = z.strictObject({
  /** Of the lines, before anything is taken off. */
  subtotal: Money,
  /** Off the lines. */
  discount: Money,
  /** After what was taken off it. */
  shipping: Money,
  /** Held by the total, or on top. */
  tax: Money,
  total: Money,
});
export type OrderTotals = z.infer<typeof OrderTotals>;

/** What a cart costs and why, down to the versions of what was used. */
export const Quote = z.strictObject({
  currency: Currency,
  rounding: RoundingRules,
  /** Where it goes; null while nobody has said. */
  country: Country.nullable(),
  lines: z.array(QuoteLine).readonly(),
  coupons: z.array(QuoteCoupon).readonly(),
  shipping: QuoteShipping.nullable(),
  /** Null where no rate is in force. */
  tax: QuoteTax.nullable(),
  totals: OrderTotals,
});
export type Quote = z.infer<typeof Quote>;

/**
 * What the shopper agrees to: `<goods>.<price>.<total>`. The first part stands for what is bought and for where and how it goes, half of it
 * each, the second for each amount, the last is the total in minor units: the most that they agreed to pay.
 */
export const QuoteHash = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}\.(?:0|[1-9]\d{0,15})$/, "must be the hash of a quote")
  .brand<"QuoteHash", "inout">();
export type QuoteHash = z.infer<typeof QuoteHash>;

/** Why a coupon does not hold, or no longer does. */
export const CouponProblem = z.enum([
  "unknown",
  "retired",
  "notYetValid",
  "expired",
  "minimumNotReached",
  "noSuchProducts",
  "notInThisCurrency",
  "usedUp",
  "usedUpByCustomer",
]);
export type CouponProblem = z.infer<typeof CouponProblem>;
