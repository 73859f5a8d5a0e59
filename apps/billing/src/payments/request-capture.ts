import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { OrderId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import { idsOf, type Payment } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

export type RequestCapture = { orderId: OrderId; now: Instant };

/** The order is placed: the provider is to take what it holds, once. */
export const requestCapture = ({ orderId, now }: RequestCapture, payment: Payment): Decision<BillingEvent, never> => {
  if (payment.status !== "Authorized") return accept();
  const { amount } = payment;
  const facts = { ...idsOf(payment), orderId, amount, providerReference: referenceOf(payment), requestedAt: now };
  return accept({ type: "PaymentCaptureRequested", data: facts });
};
