import * as z from "zod";

/**
 * What the payment provider gave the shopper's browser for a card, such as `pm_card_visa`. It begins as no card number does: those never
 * enter the system.
 */
export const PaymentToken = z
  .string()
  .regex(/^pm_[A-Za-z][A-Za-z0-9_]{0,126}$/, "must be a payment method of the provider, such as pm_card_visa")
  .brand<"PaymentToken", "inout">();
export type PaymentToken = z.infer<typeof PaymentToken>;

/** What is known of the card behind a token. */
export const CardFacts = z.strictObject({
  /** The same for each token of one card. */
  fingerprint: z.string().min(1).max(128),
  brand: z.string().min(1).max(50),
  last4: z.string().regex(/^\d{4}$/),
  /** ISO 3166-1 alpha-2, where the provider says it. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  funding: z.enum(["credit", "debit", "prepaid", "unknown"]),
});
export type CardFacts = z.infer<typeof CardFacts>;

/** The provider's word for why a card was not charged, such as `insufficient_funds`. */
export const DeclineCode = z.string().regex(/^[a-z0-9_]{1,100}$/, "must be a code of the provider");

/** The provider's name for what it keeps of a payment, such as `pi_…`. */
export const ProviderReference = z.string().regex(/^[A-Za-z0-9_]{1,255}$/, "must be a reference of the provider");

/** What the provider wants of the shopper before it decides: 3-D Secure is a page to go to, which leads back when it is done. */
export const PaymentAction = z.strictObject({ kind: z.literal("redirect"), url: z.url({ protocol: /^https?$/ }).max(2_048) });
export type PaymentAction = z.infer<typeof PaymentAction>;

/** One giving back of money: `<paymentId>.r<n>` where it was asked for here, and the provider's own name where it was done there. */
export const RefundId = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, "must be a refund's name");
export type RefundId = z.infer<typeof RefundId>;

/** What the provider is asked to do with a payment. */
export const PaymentOperation = z.enum(["authorize", "capture", "void", "refund"]);
export type PaymentOperation = z.infer<typeof PaymentOperation>;

/** The card's holder has asked their bank for the money back, and the bank decides. */
export const DisputeOutcome = z.enum(["won", "lost"]);
export type DisputeOutcome = z.infer<typeof DisputeOutcome>;
