import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment, type PaymentStatus } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

/**
 * The checkout has failed. What the provider holds is given back; what it may come to hold, because it was asked and has not answered,
 * is given back when it answers.
 */
export const withdrawPayment = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status === "Absent" || payment.isWithdrawn) return accept();
  const withdrawn: BillingEvent = { type: "PaymentWithdrawn", data: { ...idsOf(payment), withdrawnAt: now } };
  if (waiting.has(payment.status)) return accept(withdrawn);
  if (payment.status !== "Authorized") return accept();
  const facts = { ...idsOf(payment), amount: payment.amount, providerReference: referenceOf(payment), requestedAt: now };
  return accept<BillingEvent>(withdrawn, { type: "PaymentVoidRequested", data: facts });
};

/** The provider holds nothing yet. */
const waiting: ReadonlySet<PaymentStatus> = new Set(["Presented", "Inspected", "Requested"]);
