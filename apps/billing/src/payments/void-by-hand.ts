import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import type { BillingRefusal } from "../refusals.ts";
import type { ExistingPayment, PaymentStatus } from "./payment.ts";
import { captureLost, voidOf } from "./record-intent.ts";
import { referenceOf } from "./reference-of.ts";

/** Gives back what the provider holds. An order that waits for it hears that the money will not come. */
export const voidByHand = ({ now }: { now: Instant }, payment: ExistingPayment): Decision<BillingEvent, BillingRefusal> => {
  const { paymentId, status, isOrdered, isCaptureHopeless } = payment;
  if (!voidable.has(status)) return refuse({ code: "NotVoidable", paymentId, status });
  const giveBack = voidOf(payment, referenceOf(payment), now);
  return isOrdered && !isCaptureHopeless ? accept(captureLost(payment, "voided", now), giveBack) : accept(giveBack);
};

const voidable: ReadonlySet<PaymentStatus> = new Set(["ActionRequired", "Authorized", "CaptureFailed"]);
