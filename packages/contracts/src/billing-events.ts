// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind } from "./cart-shapes.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, CheckoutId, OrderId, PaymentId, SubjectId } from "./ids.ts";
import { Instant } from "./instant.ts";
import { Money } from "./money.ts";
import { CardFacts, DeclineCode, PaymentToken, ProviderReference } from "./payment-shapes.ts";

/** Whose payment it is: every event can be read alone. */
const payment = { paymentId: PaymentId, checkoutId: CheckoutId, cartId: CartId };

/** A shopper wants to pay this amount by what stands behind the token. */
const PaymentMethodPresented = z.strictObject({
  ...payment,
  owner: SubjectId,
  ownerKind: OwnerKind,
  amount: Money,
  paymentToken: PaymentToken,
  presentedAt: Instant,
});

/** The card behind the token. Nothing was asked of it yet. */
const PaymentMethodInspected = z.strictObject({
  ...payment,
  owner: SubjectId,
  ownerKind: OwnerKind,
  amount: Money,
  card: CardFacts,
  inspectedAt: Instant,
});

/** The provider does not know what stands behind the token, or takes it no more. */
const PaymentMethodRefused = z.strictObject({ ...payment, code: DeclineCode, refusedAt: Instant });

/** The provider is to authorize it. */
const PaymentRequested = z.strictObject({ ...payment, amount: Money, paymentToken: PaymentToken, requestedAt: Instant });

/** The provider holds the amount for us. */
const PaymentAuthorized = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, authorizedAt: Instant });

const PaymentDeclined = z.strictObject({ ...payment, amount: Money, code: DeclineCode, declinedAt: Instant });

/** The order is placed: the provider is to take the amount. */
const PaymentCaptureRequested = z.strictObject({
  ...payment,
  orderId: OrderId,
  amount: Money,
  providerReference: ProviderReference,
  requestedAt: Instant,
});

const PaymentCaptured = z.strictObject({
  ...payment,
  orderId: OrderId,
  owner: SubjectId,
  ownerKind: OwnerKind,
  amount: Money,
  providerReference: ProviderReference,
  capturedAt: Instant,
});

/** Its checkout has failed: what is authorized already, or will turn out to be, is given back. */
const PaymentWithdrawn = z.strictObject({ ...payment, withdrawnAt: Instant });

/** The provider is to give the amount back that it holds. */
const PaymentVoidRequested = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, requestedAt: Instant });

const PaymentVoided = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, voidedAt: Instant });

const types = {
  PaymentMethodPresented: firstVersion(PaymentMethodPresented),
  PaymentMethodInspected: firstVersion(PaymentMethodInspected),
  PaymentMethodRefused: firstVersion(PaymentMethodRefused),
  PaymentRequested: firstVersion(PaymentRequested),
  PaymentAuthorized: firstVersion(PaymentAuthorized),
  PaymentDeclined: firstVersion(PaymentDeclined),
  PaymentCaptureRequested: firstVersion(PaymentCaptureRequested),
  PaymentCaptured: firstVersion(PaymentCaptured),
  PaymentWithdrawn: firstVersion(PaymentWithdrawn),
  PaymentVoidRequested: firstVersion(PaymentVoidRequested),
  PaymentVoided: firstVersion(PaymentVoided),
};

/** What happens to a payment, on the stream `payment-<paymentId>`. */
export type BillingEvent = EventOf<typeof types>;

export const billingEvents = eventSchema(types);

export const paymentStreamId = (paymentId: PaymentId): string => `payment-${paymentId}`;
