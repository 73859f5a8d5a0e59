import type { Cart } from "@cartwright/cart-domain/cart";
import { allLines } from "@cartwright/cart-domain/lines";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { couponUsesClaim, couponUsesOfClaim, stockAvailableClaim } from "@cartwright/contracts/shop-events";
import type { Claim, HeldClaim } from "@cartwright/event-log/event-log";
import type { Catalog } from "../catalog/catalog.ts";

/** What a checkout was refused for by the counters of the log: somebody else was faster. */
export const claimRefusal = async (
  { catalog }: { readonly catalog: Pick<Catalog, "products"> },
  { claim, held }: { readonly claim: Claim; readonly held: HeldClaim },
  cart: Cart,
): Promise<RefusalOf<"OutOfStock" | "CouponNotApplicable">> => {
  if (cart.status === "Absent") throw new TypeError(`${claim.key} was claimed for a cart that is not there`);
  const coupon = cart.coupons.find((code) => claim.key === couponUsesClaim(code) || claim.key === couponUsesOfClaim(code, cart.owner));
  if (coupon !== undefined)
    return { code: "CouponNotApplicable", coupon, problem: claim.key === couponUsesClaim(coupon) ? "usedUp" : "usedUpByCustomer" };
  const products = await catalog.products(allLines(cart.lines).map(({ productId }) => productId));
  const short = allLines(cart.lines).flatMap((line) => {
    const listing = products.get(line.productId)?.listing;
    const stockId = listing?.status === "listed" ? listing.product.stockId : null;
    return stockId !== null && stockId !== undefined && stockAvailableClaim(stockId) === claim.key ? [{ ...line, stockId }] : [];
  });
  const [first] = short;
  if (!first) throw new TypeError(`${claim.key} was claimed for a cart that does not need it`);
  return {
    code: "OutOfStock",
    stockId: first.stockId,
    productIds: short.map(({ productId }) => productId),
    wanted: short.reduce((sum, { quantity }) => sum + quantity, 0),
    available: held.count,
  };
};
