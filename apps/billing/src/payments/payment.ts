import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import type { CartId, CheckoutId, OrderId, PaymentId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type {
  CardFacts,
  DiscrepancyCode,
  KeptDispute,
  KeptNews,
  PaymentAction,
  PaymentOperation,
  PaymentToken,
} from "@cartwright/contracts/payment-shapes";
import { isHeldByBank } from "./disputes.ts";

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
  /** How often giving back has failed of what nobody is to keep. */
  readonly refundFailures: number;
  readonly disputes: readonly Dispute[];
  /** The provider's word for why it came to nothing. */
  readonly code: string | null;
  /** Its checkout has failed or its order is cancelled. */
  readonly isWithdrawn: boolean;
  /** That, or it came to nothing or was given up: no order waits for it, and none will. What was taken goes back. */
  readonly isUnwanted: boolean;
  /** What the provider was asked for without saying what came of it. */
  readonly unknown: readonly UnknownOutcome[];
  /** What it told before we knew that it had taken the money. */
  readonly keptNews: readonly KeptTold[];
  /** In what its account differs from ours. */
  readonly discrepancies: readonly Discrepancy[];
  /** How often the provider was asked how it stands. */
  readonly checks: number;
  readonly presentedAt: Instant;
  readonly updatedAt: Instant;
};

export type Refund = {
  readonly refundId: string;
  readonly amount: Money;
  /** `failed` waits for another refund or for somebody who looks; `superseded` has failed, and nobody waits for it any more. */
  readonly status: "requested" | "refunded" | "failed" | "superseded";
  /** It has failed, and nobody tries again by itself. */
  readonly isFinal: boolean;
};

export type Dispute = Pick<KeptDispute, "disputeReference" | "amount" | "stage" | "outcome">;

/** `ordinal` is the attempt of a capture or the number of a refund; null where that was not written down. */
export type UnknownOutcome = { readonly operation: PaymentOperation; readonly ordinal: number | null; readonly since: Instant };

/** An event of the provider, and what it says. */
export type KeptTold = {
  readonly providerEventId: string;
  readonly providerEventType: string;
  readonly occurredAt: Instant;
  readonly news: KeptNews;
};

export type Discrepancy = {
  readonly code: DiscrepancyCode;
  readonly claimed: Money | null;
  readonly foundAt: Instant;
  /** Somebody has looked. */
  readonly isAcknowledged: boolean;
};

/**
 * The `…Requested` wait for the provider. `Refused`, `Withdrawn`, `Declined`, `Failed`, `Expired` and `Voided` are for ever, unless the
 * provider turns out to hold the amount or to have taken it after all: then it is given back. `Refunded` is, unless the refund fails later.
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

/** By our account the provider holds nothing of it, for ever. */
export const isOver = ({ status }: ExistingPayment): boolean => over.has(status);

const over: ReadonlySet<PaymentStatus> = new Set(["Refused", "Withdrawn", "Declined", "Failed", "Expired", "Voided"]);

/** The provider was not asked for it yet. */
export const isUntouched = ({ status }: ExistingPayment): boolean => status === "Presented" || status === "Inspected";

export const absentPayment: Payment = { status: "Absent" };

/** What each event of a payment says of whose it is. */
export const idsOf = ({ paymentId, checkoutId, cartId }: ExistingPayment) => ({ paymentId, checkoutId, cartId });

/** What was taken and neither went back nor is on its way back, by a refund or by the bank of the card's holder. */
export const refundableOf = ({ captured, refunds, disputes }: ExistingPayment): Money => {
  const gone = [...refunds.filter(isGone), ...disputes.filter(isHeldByBank)].reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  return { ...captured, amountMinor: Math.max(0, captured.amountMinor - gone) };
};

const isGone = ({ status }: Refund) => status === "requested" || status === "refunded";

/** What somebody may have to look at, whatever the status is; a payment can be in several of these conditions. */
export const paymentConditions = ["unknown", "disputed", "refundFailed", "discrepant"] as const;
export type PaymentCondition = (typeof paymentConditions)[number];

export const conditionsOf = ({ unknown, disputes, refunds, discrepancies }: ExistingPayment): readonly PaymentCondition[] => {
  const holds: Readonly<Record<PaymentCondition, boolean>> = {
    unknown: unknown.length > 0,
    disputed: disputes.some(({ outcome }) => outcome === null),
    refundFailed: refunds.some(({ status, isFinal }) => status === "failed" && isFinal),
    discrepant: discrepancies.some(({ isAcknowledged }) => !isAcknowledged),
  };
  return paymentConditions.filter((condition) => holds[condition]);
};
