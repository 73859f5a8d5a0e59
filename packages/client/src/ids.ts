import type { CartId, ProductId } from "@cartwright/contracts/ids";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Country, CouponCode, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";

/** A cart of one's own making: the first item opens it. */
export const newCartId = (): CartId => randomUuid() as CartId;

/** Says that a text is a cart's id, such as one that was kept. The service refuses one that is none. */
export const cartIdOf = (text: string): CartId => text.toLowerCase() as CartId;

/** Says that a text is a product's id. The service refuses one that is none. */
export const productIdOf = (text: string): ProductId => text as ProductId;

/** Of a card, such as `pm_card_visa`. */
export const paymentTokenOf = (text: string): PaymentToken => text as PaymentToken;

/** Such as `VN`. */
export const countryOf = (text: string): Country => text.toUpperCase() as Country;

export const shippingMethodIdOf = (text: string): ShippingMethodId => text as ShippingMethodId;

export const couponCodeOf = (text: string): CouponCode => text.toUpperCase() as CouponCode;

/** Also where a page came over plain HTTP, to which browsers give no `randomUUID`. */
export const randomUuid = (): string => {
  const { randomUUID }: Partial<Crypto> = crypto;
  if (randomUUID) return randomUUID.call(crypto);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // RFC 9562, version 4.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
