// Stored for ever. A shape that has been released is never edited: give its type a next version and an upcast.
import * as z from "zod";
import { OwnerKind } from "./cart-shapes.ts";
import { type EventOf, eventSchema, firstVersion } from "./event-schema.ts";
import { CartId, CheckoutId, OrderId, PaymentId, SubjectId } from "./ids.ts";
import { Instant, instantOf } from "./instant.ts";
import { Money } from "./money.ts";
import {
  CardFacts,
  DeclineCode,
  DiscrepancyCode,
  DisputeOutcome,
  DisputeStage,
  KeptNews,
  PaymentAction,
  PaymentOperation,
  PaymentToken,
  ProviderReference,
  RefundId,
} from "./payment-shapes.ts";

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

/** The provider wants the shopper to do something first, such as 3-D Secure; told again by who was asked whether they did, and they did not. */
const PaymentActionRequired = z.strictObject({
  ...payment,
  amount: Money,
  providerReference: ProviderReference,
  action: PaymentAction,
  requiredAt: Instant,
});

/** Version 1 did not say how long. */
const PaymentAuthorizedV1 = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, authorizedAt: Instant });

/** The provider holds the amount for us, until `captureBefore`. */
const PaymentAuthorized = z.strictObject({ ...PaymentAuthorizedV1.shape, captureBefore: Instant });

/** What card schemes give at least where the provider says nothing. */
const DAYS_HELD = 7;

/** The provider says until when it holds the amount, where it was told that it holds it without that, or says otherwise than before. */
const PaymentAuthorizationDated = z.strictObject({ ...payment, captureBefore: Instant, datedAt: Instant });

const PaymentDeclined = z.strictObject({ ...payment, amount: Money, code: DeclineCode, declinedAt: Instant });

/** It came to nothing, and not because of the card. */
const PaymentFailed = z.strictObject({ ...payment, amount: Money, code: DeclineCode, failedAt: Instant });

/** Nobody took in time what the provider held, or did what it wanted: it holds nothing any more. */
const PaymentExpired = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, expiredAt: Instant });

/** Version 1 did not say which of several refunds, or which attempt. */
const PaymentOutcomeUnknownV1 = z.strictObject({ ...payment, operation: PaymentOperation, since: Instant });

/**
 * The provider was asked and did not say what came of it. Only the provider's own word ends this. `ordinal` is the operation's among those
 * of its kind: the attempt of a capture, the number of a refund; null where that was not written down.
 */
const PaymentOutcomeUnknown = z.strictObject({ ...PaymentOutcomeUnknownV1.shape, ordinal: z.int().positive().nullable() });

/** The provider is to be asked how the payment stands. `check` is 1 for the first time. */
const PaymentCheckRequested = z.strictObject({
  ...payment,
  check: z.int().positive(),
  providerReference: ProviderReference.nullable(),
  requestedAt: Instant,
});

/** Its order is placed, and the money is not asked for by that: somebody takes it by hand, or it is taken already. */
const PaymentOrdered = z.strictObject({ ...payment, orderId: OrderId, orderedAt: Instant });

/** Version 1 knew of one attempt only. */
const PaymentCaptureRequestedV1 = z.strictObject({
  ...payment,
  orderId: OrderId,
  amount: Money,
  providerReference: ProviderReference,
  requestedAt: Instant,
});

/** The order is placed: the provider is to take the amount. `attempt` is 1 for the first; a capture that was refused is another one. */
const PaymentCaptureRequested = z.strictObject({ ...PaymentCaptureRequestedV1.shape, attempt: z.int().positive() });

/** Version 1 knew of no captures but of the whole. */
const PaymentCapturedV1 = z.strictObject({
  ...payment,
  orderId: OrderId,
  owner: SubjectId,
  ownerKind: OwnerKind,
  amount: Money,
  providerReference: ProviderReference,
  capturedAt: Instant,
});

/** The provider has taken `amount`, and `capturedTotal` in all. What it held beyond that is given back by itself. */
const PaymentCaptured = z.strictObject({ ...PaymentCapturedV1.shape, capturedTotal: Money });

/** The provider did not take it. It is asked again, later, unless this is final. */
const PaymentCaptureFailed = z.strictObject({
  ...payment,
  orderId: OrderId,
  amount: Money,
  code: DeclineCode,
  attempt: z.int().positive(),
  isFinal: z.boolean(),
  failedAt: Instant,
});

/** Its checkout has failed or its order is cancelled: what is held or taken already, or will turn out to be, is given back. */
const PaymentWithdrawn = z.strictObject({ ...payment, withdrawnAt: Instant });

/** The provider is to give the amount back that it holds. */
const PaymentVoidRequested = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, requestedAt: Instant });

const PaymentVoided = z.strictObject({ ...payment, amount: Money, providerReference: ProviderReference, voidedAt: Instant });

const refund = { ...payment, orderId: OrderId, refundId: RefundId, amount: Money };

/** The provider is to give this much of what it has taken back. */
const PaymentRefundRequested = z.strictObject({ ...refund, providerReference: ProviderReference, requestedAt: Instant });

/** `amount` went back, and `refundedTotal` of `capturedTotal` in all. */
const PaymentRefunded = z.strictObject({
  ...refund,
  owner: SubjectId,
  ownerKind: OwnerKind,
  refundedTotal: Money,
  capturedTotal: Money,
  refundedAt: Instant,
});

/** Version 1 was never tried again. */
const PaymentRefundFailedV1 = z.strictObject({ ...refund, code: DeclineCode, returned: Money, refundedTotal: Money, failedAt: Instant });

/**
 * It did not go back, or came back again: `returned` is what had gone before. `refundedTotal` is what is gone now, in all. `attempt` counts
 * those that failed since no order waits for the money. Unless it is final, it is given back anew by itself, later.
 */
const PaymentRefundFailed = z.strictObject({ ...PaymentRefundFailedV1.shape, attempt: z.int().positive(), isFinal: z.boolean() });

const dispute = { ...payment, orderId: OrderId, disputeReference: ProviderReference, amount: Money };

/** Version 1 did not tell inquiries from chargebacks. */
const PaymentDisputedV1 = z.strictObject({ ...dispute, owner: SubjectId, ownerKind: OwnerKind, reason: DeclineCode, disputedAt: Instant });

/** The card's holder asks their bank about it. An inquiry may become a chargeback, which is told anew: the bank has taken the money then. */
const PaymentDisputed = z.strictObject({ ...PaymentDisputedV1.shape, stage: DisputeStage });

/** Version 1 knew of chargebacks alone. */
const PaymentDisputeClosedV1 = z.strictObject({ ...dispute, outcome: z.enum(["won", "lost"]), closedAt: Instant });

/** What was lost may still be won, by an appeal. Of an inquiry no money had moved. */
const PaymentDisputeClosed = z.strictObject({ ...PaymentDisputeClosedV1.shape, stage: DisputeStage, outcome: DisputeOutcome });

/** An event of the provider: by what name it is known there, and its word for it, such as `payment_intent.canceled`. */
const told = {
  providerEventId: ProviderReference,
  providerEventType: z.string().regex(/^[a-z0-9_.]{1,100}$/),
  occurredAt: Instant,
};

/**
 * The provider told something that does not follow from where the payment is: too late, out of order, or of another amount. It is kept
 * for whoever has to understand it, and changes nothing.
 */
const PaymentProviderEventSetAside = z.strictObject({ ...payment, ...told, setAsideAt: Instant });

/** The provider told of a refund or a dispute before we knew that it had taken the money: it counts as soon as that is known. */
const PaymentProviderNewsKept = z.strictObject({ ...payment, ...told, news: KeptNews, keptAt: Instant });

/**
 * The provider's account differs from ours, and somebody has to look. `claimed` is what it says, where that is an amount; `recorded` is what
 * we know to be taken.
 */
const PaymentDiscrepancyFound = z.strictObject({
  ...payment,
  code: DiscrepancyCode,
  claimed: Money.nullable(),
  recorded: Money,
  /** Null where we asked. */
  providerEventId: ProviderReference.nullable(),
  foundAt: Instant,
});

/** Somebody has looked at what differed so far, and at what had failed to go back and need not. */
const PaymentDiscrepanciesAcknowledged = z.strictObject({ ...payment, acknowledgedAt: Instant });

const types = {
  PaymentMethodPresented: firstVersion(PaymentMethodPresented),
  PaymentMethodInspected: firstVersion(PaymentMethodInspected),
  PaymentMethodRefused: firstVersion(PaymentMethodRefused),
  PaymentRequested: firstVersion(PaymentRequested),
  PaymentActionRequired: firstVersion(PaymentActionRequired),
  PaymentAuthorized: firstVersion(PaymentAuthorizedV1).nextVersion(PaymentAuthorized, (older) => ({
    ...older,
    captureBefore: instantOf(new Date(Date.parse(older.authorizedAt) + DAYS_HELD * 86_400_000)),
  })),
  PaymentAuthorizationDated: firstVersion(PaymentAuthorizationDated),
  PaymentDeclined: firstVersion(PaymentDeclined),
  PaymentFailed: firstVersion(PaymentFailed),
  PaymentExpired: firstVersion(PaymentExpired),
  PaymentOutcomeUnknown: firstVersion(PaymentOutcomeUnknownV1).nextVersion(PaymentOutcomeUnknown, (older) => ({ ...older, ordinal: null })),
  PaymentCheckRequested: firstVersion(PaymentCheckRequested),
  PaymentOrdered: firstVersion(PaymentOrdered),
  PaymentCaptureRequested: firstVersion(PaymentCaptureRequestedV1).nextVersion(PaymentCaptureRequested, (older) => ({
    ...older,
    attempt: 1,
  })),
  PaymentCaptured: firstVersion(PaymentCapturedV1).nextVersion(PaymentCaptured, (older) => ({ ...older, capturedTotal: older.amount })),
  PaymentCaptureFailed: firstVersion(PaymentCaptureFailed),
  PaymentWithdrawn: firstVersion(PaymentWithdrawn),
  PaymentVoidRequested: firstVersion(PaymentVoidRequested),
  PaymentVoided: firstVersion(PaymentVoided),
  PaymentRefundRequested: firstVersion(PaymentRefundRequested),
  PaymentRefunded: firstVersion(PaymentRefunded),
  PaymentRefundFailed: firstVersion(PaymentRefundFailedV1).nextVersion(PaymentRefundFailed, (older) => ({
    ...older,
    attempt: 1,
    isFinal: true,
  })),
  PaymentDisputed: firstVersion(PaymentDisputedV1).nextVersion(PaymentDisputed, (older) => ({ ...older, stage: "chargeback" as const })),
  PaymentDisputeClosed: firstVersion(PaymentDisputeClosedV1).nextVersion(PaymentDisputeClosed, (older) => ({
    ...older,
    stage: "chargeback" as const,
  })),
  PaymentProviderEventSetAside: firstVersion(PaymentProviderEventSetAside),
  PaymentProviderNewsKept: firstVersion(PaymentProviderNewsKept),
  PaymentDiscrepancyFound: firstVersion(PaymentDiscrepancyFound),
  PaymentDiscrepanciesAcknowledged: firstVersion(PaymentDiscrepanciesAcknowledged),
};

/** What happens to a payment, on the stream `payment-<paymentId>`. */
export type BillingEvent = EventOf<typeof types>;

export const billingEvents = eventSchema(types);

export const paymentStreamId = (paymentId: PaymentId): string => `payment-${paymentId}`;
