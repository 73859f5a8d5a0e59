import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { PaymentAction } from "@cartwright/contracts/payment-shapes";
import type Stripe from "stripe";
import type { DisputeState, IntentState, RefundState } from "./payment-provider.ts";
import { fromStripe } from "./stripe-amounts.ts";

/** How a payment intent stands, in the service's words. */
export const intentStateOf = (intent: Stripe.PaymentIntent): IntentState => {
  const { id: providerReference, currency } = intent;
  switch (intent.status) {
    case "requires_action":
      return actionOf(intent);
    case "requires_capture":
      return { outcome: "authorized", providerReference, amount: fromStripe(intent), captureBefore: captureBeforeOf(intent) };
    case "succeeded":
      return { outcome: "captured", providerReference, amount: fromStripe({ amount: intent.amount_received, currency }) };
    case "canceled":
      return { outcome: "canceled", providerReference, reason: isExpired(intent) ? "expired" : "requested" };
    case "requires_payment_method":
      return { outcome: "declined", code: intent.last_payment_error ? codeOf(intent.last_payment_error) : "declined" };
    default:
      // It is under way, or in a state that a newer API has.
      return { outcome: "pending", providerReference };
  }
};

/** Stripe gives up by itself what nobody captures in time: `expired` since its API of 2025-03-31, `automatic` before. */
const isExpired = ({ cancellation_reason: reason }: Stripe.PaymentIntent) => reason === "expired" || reason === "automatic";

const actionOf = ({ id: providerReference, next_action: next }: Stripe.PaymentIntent): IntentState => {
  const action = PaymentAction.safeParse({ kind: "redirect", url: next?.redirect_to_url?.url });
  // What cannot be shown on a page of its own cannot be done here.
  return action.success
    ? { outcome: "actionRequired", providerReference, action: action.data }
    : { outcome: "failed", code: "action_not_supported" };
};

const captureBeforeOf = ({ latest_charge: charge }: Stripe.PaymentIntent): Instant | null => {
  if (charge === null || typeof charge === "string") return null;
  const seconds = charge.payment_method_details?.card?.capture_before;
  return seconds === undefined ? null : instantOf(new Date(seconds * 1_000));
};

/** `refundId` is what we named it, or Stripe's own name where it was not asked for here. */
export const refundStateOf = (refund: Stripe.Refund): RefundState => {
  const facts = { refundId: refund.metadata?.refundId ?? refund.id, amount: fromStripe(refund) };
  switch (refund.status) {
    case "succeeded":
      return { ...facts, outcome: "refunded" };
    case "failed":
    case "canceled":
      return { ...facts, outcome: "failed", code: plainCode(refund.failure_reason ?? refund.status) };
    default:
      return { ...facts, outcome: "pending" };
  }
};

export const disputeStateOf = (dispute: Stripe.Dispute): DisputeState => ({
  disputeReference: dispute.id,
  amount: fromStripe(dispute),
  reason: plainCode(dispute.reason),
  ...disputeStatusOf(dispute.status),
});

/** Of an inquiry, and of what was settled before it began, no money has moved: https://docs.stripe.com/disputes/how-disputes-work */
const disputeStatusOf = (status: Stripe.Dispute.Status): Pick<DisputeState, "stage" | "outcome"> => {
  switch (status) {
    case "warning_needs_response":
    case "warning_under_review":
      return { stage: "inquiry", outcome: null };
    case "warning_closed":
      return { stage: "inquiry", outcome: "inquiryClosed" };
    case "prevented":
      return { stage: "inquiry", outcome: "prevented" };
    case "won":
      return { stage: "chargeback", outcome: "won" };
    case "lost":
      return { stage: "chargeback", outcome: "lost" };
    default:
      // It is open, or in a state that a newer API has.
      return { stage: "chargeback", outcome: null };
  }
};

type StripeCode = { readonly code?: string | undefined; readonly decline_code?: string | undefined };

/** Stripe's word for why, the card's own where there is one. */
export const codeOf = ({ code, decline_code: declineCode }: StripeCode): string => plainCode(declineCode ?? code ?? "unknown");

/** Codes of ours are small letters, whatever comes. */
const plainCode = (code: string): string =>
  code
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, "_")
    .slice(0, 100) || "unknown";
