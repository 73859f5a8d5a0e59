import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Inspection } from "../provider/payment-provider.ts";
import { idsOf, type Payment } from "./payment.ts";

export type RecordInspection = { inspection: Inspection; now: Instant };

/** What the provider says of the card. Of a payment that nobody wants any more nothing is recorded. */
export const recordInspection = ({ inspection, now }: RecordInspection, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "Presented") return accept();
  const { owner, ownerKind, amount } = payment;
  if (inspection.outcome === "refused")
    return accept({ type: "PaymentMethodRefused", data: { ...idsOf(payment), code: inspection.code, refusedAt: now } });
  return accept({
    type: "PaymentMethodInspected",
    data: { ...idsOf(payment), owner, ownerKind, amount, card: inspection.card, inspectedAt: now },
  });
};
