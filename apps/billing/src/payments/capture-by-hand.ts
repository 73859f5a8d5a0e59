import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { BillingRefusal } from "../refusals.ts";
import { type ExistingPayment, idsOf } from "./payment.ts";
import { referenceOf } from "./reference-of.ts";

export type CaptureByHand = {
  /** Absent: all that is held. What is not taken is given back by the provider. */
  readonly amount?: Money | undefined;
  readonly now: Instant;
};

/** Takes what an order waits for, in whole or in part, also where the provider has refused before. */
export const captureByHand = ({ amount, now }: CaptureByHand, payment: ExistingPayment): Decision<BillingEvent, BillingRefusal> => {
  const { paymentId, status, orderId, isWithdrawn, isOrdered } = payment;
  const isOpen = status === "Authorized" || status === "CaptureFailed";
  if (!isOpen || !isOrdered || isWithdrawn || orderId === null) return refuse({ code: "NotCapturable", paymentId, status });
  const wanted = amount ?? payment.amount;
  if (wanted.currency !== payment.amount.currency) return refuse({ code: "OtherCurrency", paymentId, currency: payment.amount.currency });
  if (wanted.amountMinor > payment.amount.amountMinor) return refuse({ code: "CaptureTooLarge", paymentId, authorized: payment.amount });
  const facts = { ...idsOf(payment), orderId, amount: wanted, providerReference: referenceOf(payment) };
  return accept({ type: "PaymentCaptureRequested", data: { ...facts, attempt: payment.captureAttempts + 1, requestedAt: now } });
};
