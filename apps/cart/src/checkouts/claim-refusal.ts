import type { Quote, StockId } from "@cartwright/contracts/pricing-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { couponUsesClaim, stockAvailableClaim } from "@cartwright/contracts/shop-events";
import type { Claim, EventLog, HeldClaim } from "@cartwright/event-log/event-log";
import type { StockNeed } from "../quotes/quote-of-cart.ts";

/** What a checkout wanted to claim. */
export type Wanted = { readonly stock: readonly StockNeed[]; readonly quote: Pick<Quote, "coupons"> };

/** What a checkout was refused for by the counters of the log: somebody else was faster. */
export const claimRefusal = (
  { claim, held }: { readonly claim: Claim; readonly held: HeldClaim },
  { stock, quote }: Wanted,
): RefusalOf<"OutOfStock" | "CouponNotApplicable"> => {
  const short = stock.find(({ stockId }) => claim.key === stockAvailableClaim(stockId));
  if (short) return outOfStock(short, held.count);
  const coupon = quote.coupons.find(({ code }) => claim.key === couponUsesClaim(code) || claim.key.startsWith(`${couponUsesClaim(code)}:`));
  if (!coupon) throw new TypeError(`${claim.key} was claimed by a checkout that does not need it`);
  const problem = claim.key === couponUsesClaim(coupon.code) ? "usedUp" : "usedUpByCustomer";
  return { code: "CouponNotApplicable", coupon: coupon.code, problem };
};

/** Which stock has too little now; null where each has enough. The claim in the append that begins the checkout has the last word. */
export const whatIsShort = async (log: Pick<EventLog, "claims">, stock: readonly StockNeed[]): Promise<RefusalOf<"OutOfStock"> | null> => {
  if (stock.length === 0) return null;
  const left = await log.claims(stock.map(({ stockId }) => stockAvailableClaim(stockId)));
  const available = (stockId: StockId) => left.get(stockAvailableClaim(stockId))?.count ?? 0;
  const short = stock.find(({ stockId, quantity }) => available(stockId) < quantity);
  return short ? outOfStock(short, available(short.stockId)) : null;
};

const outOfStock = ({ stockId, productIds, quantity }: StockNeed, available: number): RefusalOf<"OutOfStock"> => ({
  code: "OutOfStock",
  ...{ stockId, productIds, wanted: quantity, available },
});
