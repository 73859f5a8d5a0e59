import type { CardFacts } from "@cartwright/contracts/payment-shapes";

/** A card of the simulator: what it is, and whether it pays. */
export type TestCard = { readonly card: CardFacts; readonly decline?: { readonly code: string; readonly decline_code?: string } };

const card = (brand: string, last4: string, funding: CardFacts["funding"] = "credit"): CardFacts => ({
  fingerprint: `sim${brand}${last4}`,
  brand,
  last4,
  country: "US",
  funding,
});

const declined = (last4: string, decline_code: string): TestCard => ({
  card: card("visa", last4),
  decline: { code: "card_declined", decline_code },
});

/** Stripe's published test payment methods: https://docs.stripe.com/testing */
export const testCards: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { card: card("visa", "4242") },
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
};
