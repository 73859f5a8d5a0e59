import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { FraudEvent } from "@cartwright/contracts/fraud-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { type Count, dayOf, type FigureName } from "./count.ts";

/** What one event of each type adds to the figures by itself; null where it adds nothing. */
export type EventCounts<Event extends { type: string; data: unknown }> = {
  readonly [Type in Event["type"]]: ((data: Extract<Event, { type: Type }>["data"]) => readonly Count[]) | null;
};

const one = (name: FigureName, key: string, at: Instant): Count => ({ day: dayOf(at), name, key, amount: 1 });
const sum = (name: FigureName, { amountMinor, currency }: Money, at: Instant): Count => ({
  ...{ day: dayOf(at), name, key: currency },
  amount: amountMinor,
});
const back = (count: Count): Count => ({ ...count, amount: -count.amount });

export const cartEventCounts: EventCounts<CartEvent> = {
  CartOpened: ({ currency, openedAt }) => [one("carts", currency, openedAt)],
  ItemAddedToCart: null,
  ItemQuantitySet: null,
  ItemRemovedFromCart: null,
  CartCleared: null,
  CartItemRepriced: null,
  RemovalUndone: null,
  GuestCartMerged: null,
  CartMergedIntoAnother: null,
  CartCancelled: null,
  CartExpired: null,
  CouponApplied: null,
  CouponRemoved: null,
  ContactSet: null,
  CheckoutStarted: null,
  CheckoutApproved: null,
  CheckoutActionRequired: null,
  CheckoutActionConfirmed: null,
  CheckoutFailed: null,
  OrderPlaced: ({ totals: { total }, placedAt }) => [one("orders", total.currency, placedAt), sum("orderValue", total, placedAt)],
  // Where the money is, billing says.
  OrderPaid: null,
  OrderRefunded: null,
  OrderRefundReturned: null,
  OrderPaymentFailed: null,
  OrderCancelled: ({ reason, cancelledAt }) => [one("ordersCancelled", reason, cancelledAt)],
};

/** What was taken and went back. How payments stand, and what banks have of them, is no matter of single events. */
export const billingEventCounts: EventCounts<BillingEvent> = {
  PaymentMethodPresented: null,
  PaymentMethodInspected: null,
  PaymentMethodRefused: null,
  PaymentRequested: null,
  PaymentActionRequired: null,
  PaymentAuthorized: null,
  PaymentAuthorizationDated: null,
  PaymentDeclined: null,
  PaymentFailed: null,
  PaymentExpired: null,
  PaymentOutcomeUnknown: null,
  PaymentCheckRequested: null,
  PaymentOrdered: null,
  PaymentCaptureRequested: null,
  PaymentCaptured: ({ amount, capturedAt }) => [sum("captured", amount, capturedAt)],
  PaymentCaptureFailed: null,
  PaymentWithdrawn: null,
  PaymentVoidRequested: null,
  PaymentVoided: null,
  PaymentRefundRequested: null,
  PaymentRefunded: ({ amount, refundedAt }) => [sum("refunded", amount, refundedAt)],
  PaymentRefundFailed: ({ returned, failedAt }) => [back(sum("refunded", returned, failedAt))],
  PaymentDisputed: null,
  PaymentDisputeClosed: null,
  PaymentProviderEventSetAside: null,
  PaymentProviderNewsKept: null,
  PaymentDiscrepancyFound: null,
  PaymentDiscrepanciesAcknowledged: null,
};

export const fraudEventCounts: EventCounts<FraudEvent> = {
  CheckoutAssessed: ({ decision, assessedAt }) => [one("assessments", decision, assessedAt)],
};

/** The types of which an event may add something. */
export const countedTypes = (counts: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(counts).filter((type) => counts[type] !== null);

/** Of any event. */
export const countsOf = <Event extends { type: string; data: unknown }>(
  counts: EventCounts<Event>,
  { type, data }: Event,
): readonly Count[] => {
  // Each is looked up by the type of the event whose data it is then given, which the compiler can't follow.
  const count = counts[type as Event["type"]] as ((data: unknown) => readonly Count[]) | null;
  return count?.(data) ?? [];
};
