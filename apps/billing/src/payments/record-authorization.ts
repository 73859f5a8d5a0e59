import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Authorization } from "../provider/payment-provider.ts";
import { idsOf, type Payment } from "./payment.ts";

export type RecordAuthorization = { authorization: Authorization; now: Instant };

/** What the provider decided. What it holds for a checkout that has failed meanwhile is given back at once. */
export const recordAuthorization = ({ authorization, now }: RecordAuthorization, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "Requested") return accept();
  const { amount, isWithdrawn } = payment;
  const facts = { ...idsOf(payment), amount };
  if (authorization.outcome === "declined")
    return accept({ type: "PaymentDeclined", data: { ...facts, code: authorization.code, declinedAt: now } });
  const { providerReference } = authorization;
  const authorized: BillingEvent = { type: "PaymentAuthorized", data: { ...facts, providerReference, authorizedAt: now } };
  if (!isWithdrawn) return accept(authorized);
  return accept<BillingEvent>(authorized, { type: "PaymentVoidRequested", data: { ...facts, providerReference, requestedAt: now } });
};
