import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Money } from "@cartwright/contracts/money";
import { DisputeOutcome, DisputeStage, PaymentOperation, ProviderReference } from "@cartwright/contracts/payment-shapes";
import { unreachable } from "@cartwright/decider/unreachable";
import * as z from "zod";
import { dayOf } from "./count.ts";

/** Where the money is, as far as the provider has said. */
const PaymentStatus = z.enum([
  "begun",
  "requested",
  "actionRequired",
  "authorized",
  "captureFailed",
  "captured",
  "partlyRefunded",
  "refunded",
  "declined",
  "failed",
  "expired",
  "withdrawn",
  "voided",
]);

/** The provider was asked for this and has not said what came of it. `ordinal` tells it from others of its kind. */
const Unknown = z.object({ operation: PaymentOperation, ordinal: z.int().nullable() });

const Dispute = z.object({
  reference: ProviderReference,
  amountMinor: z.int(),
  stage: DisputeStage,
  /** Null while the bank decides. */
  outcome: DisputeOutcome.nullable(),
});
type Dispute = z.infer<typeof Dispute>;

/** What the figures keep of a payment. */
export const PaymentStanding = z.object({
  /** On which it was begun. */
  day: z.iso.date(),
  status: PaymentStatus,
  capturedMinor: z.int(),
  unknown: z.array(Unknown).readonly(),
  disputes: z.array(Dispute).readonly(),
});
export type PaymentStanding = z.infer<typeof PaymentStanding>;

/** How a payment stands, as the figures tell it: `unknown` needs the provider's word, `disputed` the bank's. */
export const PaymentState = z.enum([...PaymentStatus.options, "unknown", "disputed", "chargedBack"]);
export type PaymentState = z.infer<typeof PaymentState>;

export const paymentStateOf = ({ status, unknown, disputes }: PaymentStanding): PaymentState => {
  if (unknown.length > 0) return "unknown";
  if (disputes.some(({ outcome }) => outcome === null)) return "disputed";
  return disputes.some(isHeld) ? "chargedBack" : status;
};

/** Minor units that banks have taken back, for the time being or for good. Of an inquiry no money has moved. */
export const heldByBanks = ({ disputes }: PaymentStanding): number =>
  disputes.filter(isHeld).reduce((sum, { amountMinor }) => sum + amountMinor, 0);

const isHeld = ({ stage, outcome }: Dispute): boolean => stage === "chargeback" && (outcome === null || outcome === "lost");

/** How a payment stands after an event. One whose beginning is not known was begun on the event's `day`. */
export const standingAfter = (before: PaymentStanding | null, event: BillingEvent, day: string): PaymentStanding =>
  changed(before ?? { day, status: "begun", capturedMinor: 0, unknown: [], disputes: [] }, event);

const changed = (before: PaymentStanding, { type, data }: BillingEvent): PaymentStanding => {
  switch (type) {
    case "PaymentMethodPresented":
      return { ...before, day: dayOf(data.presentedAt), status: "begun" };
    case "PaymentMethodRefused":
      return { ...before, status: "declined" };
    case "PaymentRequested":
      return { ...before, status: "requested" };
    case "PaymentActionRequired":
      return { ...settled(before, "authorize"), status: "actionRequired" };
    case "PaymentAuthorized":
      return { ...settled(before, "authorize"), status: "authorized" };
    case "PaymentDeclined":
      return { ...settled(before, "authorize"), status: "declined" };
    case "PaymentFailed":
      return { ...settled(before, "authorize"), status: "failed" };
    case "PaymentExpired":
      return { ...before, unknown: [], status: "expired" };
    case "PaymentWithdrawn":
      // What the provider was asked for is voided or refunded, which says so itself.
      return { ...before, status: before.status === "begun" ? "withdrawn" : before.status };
    case "PaymentVoided":
      return { ...before, unknown: [], status: "voided" };
    case "PaymentOutcomeUnknown":
      return { ...before, unknown: [...before.unknown, { operation: data.operation, ordinal: data.ordinal }] };
    case "PaymentCaptureRequested":
    case "PaymentCaptured":
    case "PaymentCaptureFailed":
    case "PaymentRefunded":
    case "PaymentRefundFailed":
    case "PaymentDisputed":
    case "PaymentDisputeClosed":
      return moved(before, { type, data } as Moving);
    case "PaymentMethodInspected":
    case "PaymentAuthorizationDated":
    case "PaymentCheckRequested":
    case "PaymentOrdered":
    case "PaymentVoidRequested":
    case "PaymentRefundRequested":
    case "PaymentProviderEventSetAside":
    case "PaymentProviderNewsKept":
    case "PaymentDiscrepancyFound":
    case "PaymentDiscrepanciesAcknowledged":
      return before;
    default:
      return unreachable(type);
  }
};

type Moving = Extract<
  BillingEvent,
  {
    type:
      | "PaymentCaptureRequested"
      | "PaymentCaptured"
      | "PaymentCaptureFailed"
      | "PaymentRefunded"
      | "PaymentRefundFailed"
      | "PaymentDisputed"
      | "PaymentDisputeClosed";
  }
>;

/** What it means that money moved, or is to. */
const moved = (before: PaymentStanding, { type, data }: Moving): PaymentStanding => {
  switch (type) {
    case "PaymentCaptureRequested":
      return { ...before, status: "authorized" };
    case "PaymentCaptured":
      return { ...before, unknown: [], status: "captured", capturedMinor: data.capturedTotal.amountMinor };
    case "PaymentCaptureFailed":
      return {
        ...settled(before, "capture", data.attempt),
        status: data.isFinal && before.status === "authorized" ? "captureFailed" : before.status,
      };
    case "PaymentRefunded":
    case "PaymentRefundFailed":
      return wentBack(answered(before, data), data.refundedTotal.amountMinor);
    case "PaymentDisputed":
      return withDispute(before, { ...disputeOf(data), stage: data.stage, outcome: null });
    case "PaymentDisputeClosed":
      return withDispute(before, { ...disputeOf(data), stage: data.stage, outcome: data.outcome });
    default:
      return unreachable(type);
  }
};

const wentBack = (before: PaymentStanding, refundedMinor: number): PaymentStanding => {
  if (refundedMinor === 0) return { ...before, status: "captured" };
  return { ...before, status: refundedMinor < before.capturedMinor ? "partlyRefunded" : "refunded" };
};

const disputeOf = ({ disputeReference, amount }: { disputeReference: string; amount: Money }) => ({
  reference: disputeReference,
  amountMinor: amount.amountMinor,
});

const withDispute = (before: PaymentStanding, dispute: Dispute): PaymentStanding => ({
  ...before,
  disputes: [...before.disputes.filter(({ reference }) => reference !== dispute.reference), dispute],
});

/** The provider has said what came of it: of this one, or of all of the kind. */
const settled = (before: PaymentStanding, operation: PaymentOperation, ordinal: number | null = null): PaymentStanding => ({
  ...before,
  unknown: before.unknown.filter(
    (each) => each.operation !== operation || (ordinal !== null && each.ordinal !== null && each.ordinal !== ordinal),
  ),
});

/** The same of a refund. One that was made at the provider has a name of another kind, and was never unknown. */
const answered = (before: PaymentStanding, { paymentId, refundId }: { paymentId: string; refundId: string }): PaymentStanding => {
  const [, ordinal] = refundId.startsWith(`${paymentId}.`) ? (/\.r(\d+)$/.exec(refundId) ?? []) : [];
  return ordinal === undefined ? before : settled(before, "refund", Number(ordinal));
};
