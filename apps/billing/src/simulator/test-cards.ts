import type { CardFacts } from "@cartwright/contracts/payment-shapes";
import type { SimulatedDecline } from "./simulator-ledger.ts";

/** A card of the simulator: what it is, whether it pays, and what goes wrong with it. */
export type TestCard = {
  readonly card: CardFacts;
  readonly decline?: SimulatedDecline;
  /** The shopper has to say yes on the bank's page. */
  readonly asksShopper?: boolean;
  readonly fault?: TestFault;
  /** The bank authorizes and does not hand the money over: never, or not at once. */
  readonly captureRefusals?: number;
  /** So many captures, by the ordinal of their key, fail at the provider itself. */
  readonly captureFaults?: number;
  readonly refund?: "pending" | "failed";
  /** The card's holder asks their bank for the money as soon as it is taken. */
  readonly isDisputed?: boolean;
};

/** How the provider itself goes wrong. */
export type TestFault = "slow" | "timeoutThenSuccess" | "errorAfterCharge" | "duplicateWebhooks" | "webhookFirst" | "neverAnswers";

const card = (brand: string, last4: string, funding: CardFacts["funding"] = "credit"): CardFacts => ({
  fingerprint: `sim${brand}${last4}`,
  brand,
  last4,
  country: "US",
  funding,
});

const visa = card("visa", "4242");

const declined = (last4: string, decline_code: string): TestCard => ({
  card: card("visa", last4),
  decline: { code: "card_declined", decline_code },
});

/** Stripe's published test payment methods (https://docs.stripe.com/testing), and the simulator's own for what Stripe cannot play. */
export const testCards: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { card: visa },
  pm_card_visa_debit: { card: card("visa", "5556", "debit") },
  pm_card_mastercard: { card: card("mastercard", "4444") },
  pm_card_mastercard_prepaid: { card: card("mastercard", "5100", "prepaid") },
  pm_card_amex: { card: card("amex", "8431") },
  pm_card_chargeDeclined: declined("0002", "generic_decline"),
  pm_card_chargeDeclinedInsufficientFunds: declined("9995", "insufficient_funds"),
  pm_card_chargeDeclinedLostCard: declined("9987", "lost_card"),
  pm_card_chargeDeclinedStolenCard: declined("9979", "stolen_card"),
  pm_card_chargeDeclinedExpiredCard: { card: card("visa", "0069"), decline: { code: "expired_card" } },
  pm_card_chargeDeclinedProcessingError: { card: card("visa", "0119"), decline: { code: "processing_error" } },
  pm_card_authenticationRequired: { card: card("visa", "3184"), asksShopper: true },
  pm_card_threeDSecure2Required: { card: card("visa", "3220"), asksShopper: true },
  pm_card_createDispute: { card: card("visa", "0259"), isDisputed: true },
  pm_card_pendingRefund: { card: card("visa", "7726"), refund: "pending" },
  pm_card_refundFail: { card: card("visa", "5126"), refund: "failed" },
  pm_sim_slow: { card: visa, fault: "slow" },
  pm_sim_timeout_then_success: { card: visa, fault: "timeoutThenSuccess" },
  pm_sim_error_after_charge: { card: visa, fault: "errorAfterCharge" },
  pm_sim_duplicate_webhooks: { card: visa, fault: "duplicateWebhooks" },
  pm_sim_webhook_first: { card: visa, fault: "webhookFirst" },
  pm_sim_never_answers: { card: visa, fault: "neverAnswers" },
  pm_sim_capture_fault_once: { card: visa, captureFaults: 1 },
  pm_sim_capture_refused: { card: visa, captureRefusals: Number.POSITIVE_INFINITY },
  pm_sim_capture_refused_once: { card: visa, captureRefusals: 1 },
};
