import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment, type PaymentStatus } from "./payment.ts";

/** The provider is to be asked how the payment stands, where it knows of it. */
export const requestCheck = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || unasked.has(payment.status)) return accept();
  const { providerReference, checks } = payment;
  return accept({ type: "PaymentCheckRequested", data: { ...idsOf(payment), check: checks + 1, providerReference, requestedAt: now } });
};

/** The shopper says that they did what the provider wanted. */
export const requestActionCheck = (command: { now: Instant }, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "ActionRequired" ? requestCheck(command, payment) : accept();

const unasked: ReadonlySet<PaymentStatus> = new Set(["Presented", "Inspected", "Refused", "Withdrawn"]);
