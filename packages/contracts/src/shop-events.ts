// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { Instant } from "./instant.ts";
import { CouponCode, CouponData, ShippingMethodData, ShippingMethodId, StockId, TaxRateData, TaxRateId } from "./pricing-shapes.ts";
import { lineOfText } from "./text.ts";

/** The coupon's terms from now on, all of them. */
const CouponPut = z.strictObject({ code: CouponCode, ...CouponData.shape, putAt: Instant });
/** No cart takes it any more. A `CouponPut` may follow. */
const CouponRetired = z.strictObject({ code: CouponCode, retiredAt: Instant });

const ShippingMethodPut = z.strictObject({ shippingMethodId: ShippingMethodId, ...ShippingMethodData.shape, putAt: Instant });
const ShippingMethodRetired = z.strictObject({ shippingMethodId: ShippingMethodId, retiredAt: Instant });

const TaxRatePut = z.strictObject({ taxRateId: TaxRateId, ...TaxRateData.shape, putAt: Instant });
const TaxRateRetired = z.strictObject({ taxRateId: TaxRateId, retiredAt: Instant });

/**
 * Pieces that came or went other than by an order: a delivery, a breakage, or the difference that a count has shown. What orders claim
 * and take is said by the carts' own events.
 */
const StockAdjusted = z.strictObject({ stockId: StockId, delta: z.int(), reason: lineOfText(200).nullable(), adjustedAt: Instant });

const types = {
  CouponPut: firstVersion(CouponPut),
  CouponRetired: firstVersion(CouponRetired),
  ShippingMethodPut: firstVersion(ShippingMethodPut),
  ShippingMethodRetired: firstVersion(ShippingMethodRetired),
  TaxRatePut: firstVersion(TaxRatePut),
  TaxRateRetired: firstVersion(TaxRateRetired),
  StockAdjusted: firstVersion(StockAdjusted),
};

/** What happens to what the shop keeps, each coupon, shipping method, tax rate and stock on a stream of its own. */
export type ShopEvent = EventOf<typeof types>;

export const shopEvents = eventSchema(types);

export const couponStreamId = (code: CouponCode): string => `coupon-${code}`;
export const shippingMethodStreamId = (id: ShippingMethodId): string => `shipping-method-${id}`;
export const taxRateStreamId = (id: TaxRateId): string => `tax-rate-${id}`;
export const stockStreamId = (id: StockId): string => `stock-${id}`;

/** The counter of the pieces that nobody has claimed. It never falls below zero: an append that would let it is refused. */
export const stockAvailableClaim = (id: StockId): string => `stock:${id}`;
/** The counter of the pieces that running checkouts have claimed. */
export const stockReservedClaim = (id: StockId): string => `stock-reserved:${id}`;
/** The counters of a coupon's uses, by running checkouts and orders; in all, and by one shopper. */
export const couponUsesClaim = (code: CouponCode): string => `coupon:${code}`;
export const couponUsesOfClaim = (code: CouponCode, owner: string): string => `coupon:${code}:${owner}`;
