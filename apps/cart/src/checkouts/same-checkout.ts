import { type Cart, checkoutOf } from "@cartwright/cart-domain/cart";
import type { CheckoutState, SealedContact, SealedShipTo } from "@cartwright/contracts/checkout-shapes";
import type { CheckoutId } from "@cartwright/contracts/ids";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { Contact, ShipTo } from "@cartwright/contracts/personal-data";
import type { QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { canonicalJson } from "../carts/canonical-json.ts";
import type { Unseal } from "./sealing.ts";

/** What the shopper says when they pay. */
export type Agreement = {
  readonly quoteHash: QuoteHash;
  readonly contact?: Contact | undefined;
  readonly shipTo?: ShipTo | undefined;
  readonly shippingMethodId?: ShippingMethodId | undefined;
  readonly paymentToken?: PaymentToken | undefined;
};

/**
 * The checkout that pays for the cart, or has, where it is just what is agreed to; null where it is anything else. Nobody is told "yes" and
 * then pays another total, by another card, to another place.
 */
export const sameCheckout = async (unseal: Unseal, agreed: Agreement, cart: Cart): Promise<CheckoutId | null> => {
  if (cart.status !== "CheckingOut" && cart.status !== "Ordered") return null;
  const checkout = checkoutOf(cart);
  const isSame =
    isSamePrice(checkout, agreed) && (await goesToSamePlace(unseal, checkout, agreed)) && (await tellsSamePerson(unseal, checkout, agreed));
  return isSame ? checkout.checkoutId : null;
};

/** What costs nothing is paid by no card, whichever was named. */
const isSamePrice = ({ quote, quoteHash, paymentToken }: CheckoutState, agreed: Agreement): boolean =>
  quoteHash === agreed.quoteHash &&
  (quote.shipping?.shippingMethodId ?? null) === (agreed.shippingMethodId ?? null) &&
  (paymentToken === null || paymentToken === agreed.paymentToken);

const goesToSamePlace = async (unseal: Unseal, { shipTo }: { readonly shipTo: SealedShipTo | null }, agreed: Agreement) => {
  if (!shipTo || !agreed.shipTo) return !shipTo && !agreed.shipTo;
  const { country, ...address } = agreed.shipTo;
  const [kept = null] = await unseal([{ field: "address", sealed: shipTo.address }]);
  return shipTo.country === country && kept !== null && canonicalJson(JSON.parse(kept)) === canonicalJson(address);
};

/** Who says nothing of the contact means the one that is there. */
const tellsSamePerson = async (unseal: Unseal, { contact: kept }: { readonly contact: SealedContact | null }, { contact }: Agreement) => {
  if (!contact) return true;
  if (!kept) return false;
  const { email, phone = null, locale, timeZone = null, consent } = contact;
  const plain = kept.locale === locale && kept.timeZone === timeZone && kept.consent.marketing === consent.marketing;
  if (!plain || (kept.phone === null) !== (phone === null)) return false;
  const sealed = [
    { field: "email" as const, sealed: kept.email },
    ...(kept.phone ? [{ field: "phone" as const, sealed: kept.phone }] : []),
  ];
  const [keptEmail, keptPhone = null] = await unseal(sealed);
  return keptEmail === email && keptPhone === phone;
};
