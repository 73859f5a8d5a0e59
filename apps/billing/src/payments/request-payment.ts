import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";

/** The checkout was approved: the provider is to authorize the amount, once. */
export const requestPayment = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "Inspected") return accept();
  const { amount, paymentToken } = payment;
  return accept({ type: "PaymentRequested", data: { ...idsOf(payment), amount, paymentToken, requestedAt: now } });
};
