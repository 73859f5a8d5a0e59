import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CartId, CheckoutId, OrderId, PaymentId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { CardFacts, DisputeOutcome, PaymentAction, PaymentOperation, PaymentToken } from "@cartwright/contracts/payment-shapes";

/** What a payment's events mean. */
export type Payment = { readonly status: "Absent" } | ExistingPayment;

export type ExistingPayment = {
  readonly status: PaymentStatus;
  readonly paymentId: PaymentId;
  readonly checkoutId: CheckoutId;
  readonly cartId: CartId;
  readonly owner: SubjectId;
  readonly ownerKind: OwnerKind;
  readonly amount: Money;
  readonly paymentToken: PaymentToken;
  readonly card: CardFacts | null;
  /** The provider's name for it, once it has one. */
  readonly providerReference: string | null;
  /** What the shopper had to do before the provider would decide. */
  readonly action: PaymentAction | null;
  /** Until when the provider holds the amount; null where it never did. */
  readonly captureBefore: Instant | null;
  readonly orderId: OrderId | null;
  /** Its order was placed. */
  readonly isOrdered: boolean;
  /** How often the provider was asked to take it. */
  readonly captureAttempts: number;
  /** How much of it, the last time: a shop may take less than is held. */
  readonly captureAmount: Money;
  /** No other attempt is made by itself. */
  readonly isCaptureHopeless: boolean;
  readonly captured: Money;
  /** What did go back. */
  readonly refunded: Money;
  readonly refunds: readonly Refund[];
  readonly dispute: Dispute | null;
  /** The provider's word for why it came to nothing. */
  readonly code: string | null;
  /** Its checkout has failed or its order is cancelled. */
  readonly isWithdrawn: boolean;
  /** The provider was asked for this and has not said what came of it. */
  readonly unknown: PaymentOperation | null;
  /** How often the provider was asked how it stands. */
  readonly checks: number;
  readonly presentedAt: Instant;
  readonly updatedAt: Instant;
};

export type Refund = { readonly refundId: string; readonly amount: Money; readonly status: "requested" | "refunded" | "failed" };

export type Dispute = { readonly disputeReference: string; readonly amount: Money; readonly outcome: DisputeOutcome | null };

/**
 * The `…Requested` wait for the provider. `Refused`, `Withdrawn`, `Voided`, `Expired` and `Refunded` are for ever; so are `Declined` and
 * `Failed`, unless the provider turns out to hold the amount after all: then it is given back.
 */
export const paymentStatuses = [
  "Presented",
  "Inspected",
  "Refused",
  "Withdrawn",
  "Requested",
  "ActionRequired",
  "Declined",
  "Failed",
  "Expired",
  "Authorized",
  "CaptureRequested",
  "CaptureFailed",
  "Captured",
  "PartlyRefunded",
  "Refunded",
  "VoidRequested",
  "Voided",
] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const absentPayment: Payment = { status: "Absent" };

/** What each event of a payment says of whose it is. */
export const idsOf = ({ paymentId, checkoutId, cartId }: ExistingPayment) => ({ paymentId, checkoutId, cartId });

/** What was taken and neither went back nor is on its way back. */
export const refundableOf = ({ captured, refunds }: ExistingPayment): Money => {
  const gone = refunds.filter(({ status }) => status !== "failed").reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  return { ...captured, amountMinor: Math.max(0, captured.amountMinor - gone) };
};
