import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf } from "./payment.ts";

/** Somebody has looked at what differs between the provider's account and ours: it is not told any more. */
export const acknowledgeDiscrepancies = ({ now }: { now: Instant }, payment: ExistingPayment): Decision<BillingEvent, never> =>
  payment.discrepancies.every(({ isAcknowledged }) => isAcknowledged)
    ? accept()
    : accept({ type: "PaymentDiscrepanciesAcknowledged", data: { ...idsOf(payment), acknowledgedAt: now } });
