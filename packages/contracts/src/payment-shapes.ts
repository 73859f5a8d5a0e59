import * as z from "zod";
import { Money } from "./money.ts";

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

/** The card's holder asks their bank about a payment. `inquiry`: no money has moved yet. `chargeback`: the bank has taken it for the time being. */
export const DisputeStage = z.enum(["inquiry", "chargeback"]);
export type DisputeStage = z.infer<typeof DisputeStage>;

/**
 * How a dispute ended: the bank gave the money back or kept it; an inquiry came to nothing; or it was settled before it began, by a refund
 * that the scheme made.
 */
export const DisputeOutcome = z.enum(["won", "lost", "inquiryClosed", "prevented"]);
export type DisputeOutcome = z.infer<typeof DisputeOutcome>;

/** What the provider says of money that went back, or did not. */
export const KeptRefund = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("refunded"), refundId: RefundId, amount: Money }),
  z.strictObject({ outcome: z.literal("failed"), refundId: RefundId, amount: Money, code: DeclineCode }),
]);
export type KeptRefund = z.infer<typeof KeptRefund>;

/** What the provider says of a dispute; `outcome` is null while the bank decides. */
export const KeptDispute = z.strictObject({
  disputeReference: ProviderReference,
  amount: Money,
  reason: DeclineCode,
  stage: DisputeStage,
  outcome: DisputeOutcome.nullable(),
});
export type KeptDispute = z.infer<typeof KeptDispute>;

/** News of the provider that came before what it is about. */
export const KeptNews = z.discriminatedUnion("about", [
  z.strictObject({ about: z.literal("refund"), refund: KeptRefund }),
  z.strictObject({ about: z.literal("dispute"), dispute: KeptDispute }),
]);
export type KeptNews = z.infer<typeof KeptNews>;

/** In what the provider's account of a payment differs from ours. */
export const DiscrepancyCode = z.enum([
  /** It took another amount than is recorded, or more than was authorized. */
  "captured_other_amount",
  /** It took what was given up before: declined, failed, expired or voided. */
  "captured_after_end",
  /** It took what it was never asked for. */
  "captured_unasked",
  /** More went back than was taken. */
  "refunded_other_amount",
  /** A refund went through that had failed. */
  "refunded_after_failure",
  "disputed_other_currency",
  /** It says that the payment stands elsewhere. */
  "other_state",
]);
export type DiscrepancyCode = z.infer<typeof DiscrepancyCode>;
