import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { type ExistingPayment, idsOf, isOver, type Payment, type PaymentStatus } from "./payment.ts";

/** The provider is to be asked how the payment stands, where it knows of it. */
export const requestCheck = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "Absent" ? accept() : accept(...checkOf(payment, now));

export const checkOf = (payment: ExistingPayment, now: Instant): readonly BillingEvent[] => {
  if (unasked.has(payment.status)) return [];
  const { providerReference, checks } = payment;
  return [{ type: "PaymentCheckRequested", data: { ...idsOf(payment), check: checks + 1, providerReference, requestedAt: now } }];
};

/** The shopper says that they did what the provider wanted. */
export const requestActionCheck = (command: { now: Instant }, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "ActionRequired" ? requestCheck(command, payment) : accept();

/** The same where the provider has left something open. */
export const requestOpenCheck = (command: { now: Instant }, payment: Payment): Decision<BillingEvent, never> =>
  payment.status !== "Absent" && isOpen(payment) ? requestCheck(command, payment) : accept();

const isOpen = (payment: ExistingPayment) =>
  payment.unknown.length > 0 ||
  payment.refunds.some(({ status }) => status === "requested") ||
  (payment.keptNews.length > 0 && !isOver(payment));

const unasked: ReadonlySet<PaymentStatus> = new Set(["Presented", "Inspected", "Refused", "Withdrawn"]);
