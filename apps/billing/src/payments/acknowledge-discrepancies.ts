import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf } from "./payment.ts";

/**
 * Somebody has looked at what differs between the provider's account and ours, and at refunds of a good order that failed and are not to be
 * repeated: none of it is told any more. What has to go back stays until it has.
 */
export const acknowledgeDiscrepancies = ({ now }: { now: Instant }, payment: ExistingPayment): Decision<BillingEvent, never> => {
  const { discrepancies, refunds, isUnwanted } = payment;
  const isSeen =
    discrepancies.every(({ isAcknowledged }) => isAcknowledged) && (isUnwanted || refunds.every(({ status }) => status !== "failed"));
  return isSeen ? accept() : accept({ type: "PaymentDiscrepanciesAcknowledged", data: { ...idsOf(payment), acknowledgedAt: now } });
};
