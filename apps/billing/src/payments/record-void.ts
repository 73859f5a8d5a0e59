import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

/** The provider holds nothing any more. */
export const recordVoid = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "VoidRequested") return accept();
  const facts = { ...idsOf(payment), amount: payment.amount, providerReference: referenceOf(payment), voidedAt: now };
  return accept({ type: "PaymentVoided", data: facts });
};
