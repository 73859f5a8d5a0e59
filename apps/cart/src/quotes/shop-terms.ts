import type { UsedShipping, UsedTaxRate } from "@cartwright/cart-domain/pricing/pricing";
import type { CouponCode, CouponData, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";

/** What the shop has said that quotes are made of, as this moment's log has it. */
export type ShopTerms = {
  /** The coupons that are there, by their codes. */
  coupons(codes: readonly CouponCode[]): Promise<ReadonlyMap<CouponCode, KeptCoupon>>;
  /** Null where there is none, or none any more. */
  shippingMethod(id: ShippingMethodId): Promise<UsedShipping | null>;
  /** Whether there is any way of shipping. */
  ships(): Promise<boolean>;
  /** All that are not retired, of the past and of the future too. */
  taxRates(): Promise<readonly UsedTaxRate[]>;
};

export type KeptCoupon = { readonly version: number; readonly terms: CouponData; readonly isRetired: boolean };
