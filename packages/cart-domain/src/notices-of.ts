import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { Notice } from "@cartwright/contracts/notices";

/** What the shopper is told of these events beside the answer. */
export const noticesOf = (events: readonly CartEvent[]): readonly Notice[] =>
  events.flatMap(({ type, data }): readonly Notice[] => {
    if (type === "CartItemRepriced") return [{ code: "PriceChanged", productId: data.productId, from: data.from, to: data.to }];
    if (type === "GuestCartMerged") return data.repriced.map((repriced) => ({ code: "PriceChanged", ...repriced }));
    if (type === "CouponRemoved" && data.problem) return [{ code: "CouponRemoved", coupon: data.code, problem: data.problem }];
    return [];
  });
