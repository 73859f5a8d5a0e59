import type { ExistingCart } from "@cartwright/cart-domain/cart";
import { allLines } from "@cartwright/cart-domain/lines";
import { amountIn } from "@cartwright/cart-domain/pricing/amount-in";
import { couponProblem } from "@cartwright/cart-domain/pricing/coupon-problem";
import type { PricedLine, UsedCoupon, UsedShipping } from "@cartwright/cart-domain/pricing/pricing";
import { quoteOf } from "@cartwright/cart-domain/pricing/quote-of";
import { taxRateInForce } from "@cartwright/cart-domain/pricing/tax-rate-in-force";
import type { CouponUse, StockClaim } from "@cartwright/contracts/checkout-shapes";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Notice } from "@cartwright/contracts/notices";
import type {
  Country,
  CouponCode,
  CouponProblem,
  Quote,
  QuoteHash,
  RoundingRules,
  ShippingMethodId,
  StockId,
} from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { sameMoney } from "@cartwright/contracts/same-money";
import type { Catalog } from "../catalog/catalog.ts";
import { type JudgeDeps, judgedCoupons } from "./judged-coupons.ts";
import { quoteHashOf } from "./quote-hash.ts";
import type { ShopTerms } from "./shop-terms.ts";

export type QuoteDeps = JudgeDeps & {
  readonly catalog: Pick<Catalog, "products">;
  readonly shop: ShopTerms;
  readonly rounding: RoundingRules;
};

export type QuoteFor = {
  readonly cart: ExistingCart;
  readonly country: Country | null;
  readonly shippingMethodId: ShippingMethodId | null;
  /** Whether the lines cost what the list says now, and not what a back end has said that they cost. */
  readonly atListPrices: boolean;
  /** How the customer is reached, where that is not what the cart says. */
  readonly email?: string | undefined;
  readonly now: Instant;
};

export type Quoted = {
  readonly quote: Quote;
  readonly hash: QuoteHash;
  /** Coupons of the cart that hold no longer: the quote is without them. */
  readonly dropped: readonly { readonly code: CouponCode; readonly problem: CouponProblem }[];
  readonly notices: readonly Notice[];
  /** What the lines take of each stock, together. */
  readonly stock: readonly StockNeed[];
  /** The coupons that took something off: only those are used. */
  readonly uses: readonly Omit<CouponUse, "customers">[];
};

/** Pieces of a stock, and the products that they are sold as. */
export type StockNeed = StockClaim & { readonly productIds: readonly ProductId[] };

export type QuoteRefusal = RefusalOf<"ShippingMethodNotFound" | "ShippingMethodNotOffered" | "TotalTooLarge">;

type Result<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: QuoteRefusal };

/** What a cart costs now: by the list, by what the shop says of coupons, shipping and taxes, and by what is left of each coupon. */
export const quoteOfCart = async (deps: QuoteDeps, asked: QuoteFor): Promise<Result<Quoted>> => {
  const { cart, country, now } = asked;
  const { currency } = cart;
  const [offered, kept, shipping, rates] = await Promise.all([
    offeredLines(deps, asked),
    judgedCoupons(deps, { codes: cart.coupons, cart, email: asked.email }),
    shippingOf(deps, asked),
    deps.shop.taxRates(),
  ]);
  if (!shipping.ok) return shipping;
  const { lines, notices, stock } = offered;
  const judged = cart.coupons.map((code) => {
    const coupon = kept.get(code) ?? null;
    return { code, coupon, problem: couponProblem({ coupon, lines, currency, now }) ?? coupon?.usedUp ?? null };
  });
  const coupons = judged.flatMap(({ code, coupon, problem }): readonly UsedCoupon[] => (coupon && !problem ? [{ code, ...coupon }] : []));
  const taxRate = taxRateInForce(rates, { country, now });
  const quote = quoteOf({ lines, currency, coupons, shipping: shipping.value, country, taxRate, rounding: deps.rounding });
  if (!quote) return { ok: false, refusal: { code: "TotalTooLarge", currency } };
  const dropped = judged.flatMap(({ code, problem }) => (problem ? [{ code, problem }] : []));
  return { ok: true, value: { quote, hash: await quoteHashOf(quote), dropped, notices, stock, uses: usesOf(quote, coupons) } };
};

type Offered = { readonly lines: readonly PricedLine[]; readonly notices: readonly Notice[]; readonly stock: readonly StockNeed[] };

/** The lines at the prices of the list; what the catalogue does not know, or no longer sells, stays as it was put in. */
const offeredLines = async ({ catalog }: Pick<QuoteDeps, "catalog">, { cart, atListPrices }: QuoteFor): Promise<Offered> => {
  const lines = allLines(cart.lines);
  const products = await catalog.products(lines.map(({ productId }) => productId));
  const notices: Notice[] = [];
  const stock = new Map<StockId, StockNeed>();
  const priced = lines.map(({ productId, quantity, unitPrice }): PricedLine => {
    const { listing, version } = products.get(productId) ?? { listing: { status: "absent" as const }, version: 0 };
    const own = { productId, productVersion: null, quantity, unitPrice };
    if (listing.status === "retired") notices.push({ code: "ProductRetired", productId });
    if (listing.status !== "listed") return own;
    const { stockId, prices } = listing.product;
    if (stockId !== null) {
      const need = stock.get(stockId) ?? { stockId, quantity: 0, productIds: [] };
      stock.set(stockId, { stockId, quantity: need.quantity + quantity, productIds: [...need.productIds, productId] });
    }
    const list = atListPrices ? prices.find(({ currency }) => currency === cart.currency) : undefined;
    if (!list) return own;
    if (!sameMoney(list, unitPrice)) notices.push({ code: "PriceChanged", productId, from: unitPrice, to: list });
    return { productId, productVersion: version, quantity, unitPrice: list };
  });
  return { lines: priced, notices, stock: [...stock.values()] };
};

const usesOf = ({ coupons: quoted }: Quote, coupons: readonly UsedCoupon[]): Quoted["uses"] =>
  coupons.flatMap(({ code, terms: { maxUses, maxUsesPerCustomer } }) =>
    quoted.some((each) => each.code === code && each.amount.amountMinor > 0) ? [{ code, maxUses, maxUsesPerCustomer }] : [],
  );

const shippingOf = async ({ shop }: QuoteDeps, { cart, country, shippingMethodId }: QuoteFor): Promise<Result<UsedShipping | null>> => {
  if (shippingMethodId === null) return { ok: true, value: null };
  const used = await shop.shippingMethod(shippingMethodId);
  if (!used) return { ok: false, refusal: { code: "ShippingMethodNotFound", shippingMethodId } };
  const { countries, prices } = used.method;
  const { currency } = cart;
  const goesThere = countries === null || (country !== null && countries.includes(country));
  if (goesThere && amountIn(prices, currency) !== null) return { ok: true, value: used };
  return { ok: false, refusal: { code: "ShippingMethodNotOffered", shippingMethodId, country, currency } };
};
