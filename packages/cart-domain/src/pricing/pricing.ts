import type { Currency } from "@cartwright/contracts/currency";
import type { ProductId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type {
  Country,
  CouponCode,
  CouponData,
  RoundingRules,
  ShippingMethodData,
  ShippingMethodId,
  TaxRateData,
  TaxRateId,
} from "@cartwright/contracts/pricing-shapes";

export type PricedLine = {
  readonly productId: ProductId;
  /** Of what the catalogue said, where it said the price. */
  readonly productVersion: number | null;
  readonly quantity: number;
  readonly unitPrice: Money;
};
export type UsedCoupon = { readonly code: CouponCode; readonly version: number; readonly terms: CouponData };
export type UsedShipping = { readonly shippingMethodId: ShippingMethodId; readonly version: number; readonly method: ShippingMethodData };
export type UsedTaxRate = { readonly taxRateId: TaxRateId; readonly version: number; readonly rate: TaxRateData };

export type Pricing = {
  /** In the currency of the cart; what they come to is below 2^53, as every cart's total is. */
  readonly lines: readonly PricedLine[];
  readonly currency: Currency;
  /** In the order in which they were applied. Each holds for these lines. */
  readonly coupons: readonly UsedCoupon[];
  /** One that goes there and has a price in this currency. */
  readonly shipping: UsedShipping | null;
  readonly country: Country | null;
  readonly taxRate: UsedTaxRate | null;
  readonly rounding: RoundingRules;
};
