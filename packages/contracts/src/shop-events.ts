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

const couponTypes = { CouponPut: firstVersion(CouponPut), CouponRetired: firstVersion(CouponRetired) };
const shippingMethodTypes = {
  ShippingMethodPut: firstVersion(ShippingMethodPut),
  ShippingMethodRetired: firstVersion(ShippingMethodRetired),
};
const taxRateTypes = { TaxRatePut: firstVersion(TaxRatePut), TaxRateRetired: firstVersion(TaxRateRetired) };
const stockTypes = { StockAdjusted: firstVersion(StockAdjusted) };

/** What happens to a coupon, on the stream `coupon-<code>`. */
export type CouponEvent = EventOf<typeof couponTypes>;
export const couponEvents = eventSchema(couponTypes);
export const couponStreamId = (code: CouponCode): string => `coupon-${code}`;

/** What happens to a shipping method, on the stream `shipping-method-<id>`. */
export type ShippingMethodEvent = EventOf<typeof shippingMethodTypes>;
export const shippingMethodEvents = eventSchema(shippingMethodTypes);
export const shippingMethodStreamId = (id: ShippingMethodId): string => `shipping-method-${id}`;

/** What happens to a tax rate, on the stream `tax-rate-<id>`. */
export type TaxRateEvent = EventOf<typeof taxRateTypes>;
export const taxRateEvents = eventSchema(taxRateTypes);
export const taxRateStreamId = (id: TaxRateId): string => `tax-rate-${id}`;

/** What happens to a stock, on the stream `stock-<stockId>`. */
export type StockEvent = EventOf<typeof stockTypes>;
export const stockEvents = eventSchema(stockTypes);
export const stockStreamId = (id: StockId): string => `stock-${id}`;

/** The counter of the pieces that nobody has claimed. It never falls below zero: an append that would let it is refused. */
export const stockAvailableClaim = (id: StockId): string => `stock:${id}`;
/** The counter of the pieces that running checkouts have claimed. */
export const stockReservedClaim = (id: StockId): string => `stock-reserved:${id}`;
/** The counters of a coupon's uses, by running checkouts and orders; in all, and by one shopper. */
export const couponUsesClaim = (code: CouponCode): string => `coupon:${code}`;
export const couponUsesOfClaim = (code: CouponCode, owner: string): string => `coupon:${code}:${owner}`;
