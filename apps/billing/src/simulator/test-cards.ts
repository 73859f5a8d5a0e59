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
  /** What becomes of a refund, a moment after it was begun or at once; otherwise it is through at once, for good. */
  readonly refund?: "succeedsLater" | "failsLater" | "fails" | "staysPending";
  /** The card's holder asks their bank about it as soon as the money is taken: for the money, or only what it was. */
  readonly dispute?: { readonly reason: string; readonly isInquiry?: boolean };
};

/**
 * How the provider itself goes wrong: when it is asked to authorize, and with `answersLost` whatever it is asked to do, the first time under
 * each key; then nothing is told, either.
 */
export type TestFault =
  | "slow"
  | "timeoutThenSuccess"
  | "errorAfterCharge"
  | "duplicateWebhooks"
  | "webhookFirst"
  | "neverAnswers"
  | "answersLost";

const card = (
  brand: string,
  last4: string,
  { funding = "credit", country = "US" }: Partial<Pick<CardFacts, "funding" | "country">> = {},
): CardFacts => ({
  fingerprint: `sim${brand}${country === "US" ? "" : country}${last4}`,
  ...{ brand, last4, country, funding },
});

const visa = card("visa", "4242");

const declined = (last4: string, decline_code: string): TestCard => ({
  card: card("visa", last4),
  decline: { code: "card_declined", decline_code },
});

/** With a code of its own instead of one of the bank's. */
const faulty = (last4: string, code: string): TestCard => ({ card: card("visa", last4), decline: { code } });

const paying = (brand: string, last4: string, facts?: Parameters<typeof card>[2]): TestCard => ({ card: card(brand, last4, facts) });

const brands: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { card: visa },
  pm_card_visa_debit: paying("visa", "5556", { funding: "debit" }),
  pm_card_mastercard: paying("mastercard", "4444"),
  pm_card_mastercard_debit: paying("mastercard", "8210", { funding: "debit" }),
  pm_card_mastercard_prepaid: paying("mastercard", "5100", { funding: "prepaid" }),
  pm_card_amex: paying("amex", "8431"),
  pm_card_discover: paying("discover", "9424"),
  pm_card_diners: paying("diners", "0004"),
  pm_card_jcb: paying("jcb", "0505"),
  pm_card_unionpay: paying("unionpay", "0005"),
};

/** The last digits of the Visa of each country. */
const countryDigits = {
  ...{ us: "4242", br: "0002", ca: "0000", cl: "0001", co: "0003", cr: "0005", mx: "8001", pe: "0068" },
  ...{ at: "0008", be: "0004", ch: "0009", cz: "0002", de: "0016", dk: "0001", es: "0007", fi: "0001", fr: "0003", gb: "0000", gr: "0030" },
  ...{ hu: "0005", ie: "0005", it: "0008", nl: "0002", no: "0007", pl: "0005", pt: "0007", ro: "0001", se: "0008" },
  ...{ au: "0006", cn: "0002", hk: "0004", in: "0008", jp: "0003", my: "0002", nz: "0008", sg: "0003", tw: "0008" },
};

const countries: Readonly<Record<string, TestCard>> = Object.fromEntries(
  Object.entries(countryDigits).map(([code, last4]) => [`pm_card_${code}`, paying("visa", last4, { country: code.toUpperCase() })]),
);

const declines: Readonly<Record<string, TestCard>> = {
  pm_card_chargeDeclined: declined("0002", "generic_decline"),
  pm_card_chargeDeclinedInsufficientFunds: declined("9995", "insufficient_funds"),
  pm_card_chargeDeclinedLostCard: declined("9987", "lost_card"),
  pm_card_chargeDeclinedStolenCard: declined("9979", "stolen_card"),
  pm_card_chargeDeclinedVelocityLimitExceeded: declined("6975", "card_velocity_exceeded"),
  pm_card_chargeDeclinedFraudulent: declined("0019", "fraudulent"),
  pm_card_chargeDeclinedExpiredCard: faulty("0069", "expired_card"),
  pm_card_chargeDeclinedIncorrectCvc: faulty("0127", "incorrect_cvc"),
  pm_card_chargeDeclinedProcessingError: faulty("0119", "processing_error"),
};

/** Stripe has names with and without the brand for them. */
const visaDeclines = Object.fromEntries(Object.entries(declines).map(([name, each]) => [name.replace("pm_card_", "pm_card_visa_"), each]));

/** What Radar makes of them with its rules as they come: only what is blocked always is. */
const radar: Readonly<Record<string, TestCard>> = {
  pm_card_radarBlock: declined("0019", "fraudulent"),
  pm_card_riskLevelHighest: declined("4954", "fraudulent"),
  pm_card_riskLevelElevated: paying("visa", "9235"),
  pm_card_cvcCheckFail: paying("visa", "0101"),
  pm_card_avsZipFail: paying("visa", "0036"),
};

const authentications: Readonly<Record<string, TestCard>> = {
  pm_card_authenticationRequired: { card: card("visa", "3184"), asksShopper: true },
  pm_card_threeDSecure2Required: { card: card("visa", "3220"), asksShopper: true },
  pm_card_threeDSecureOptional: paying("visa", "3055"),
  pm_card_threeDSecureRequiredChargeDeclined: { ...declined("1629", "generic_decline"), asksShopper: true },
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: { ...declined("3178", "insufficient_funds"), asksShopper: true },
};

const afterwards: Readonly<Record<string, TestCard>> = {
  pm_card_createDispute: { card: card("visa", "0259"), dispute: { reason: "fraudulent" } },
  pm_card_createDisputeProductNotReceived: { card: card("visa", "2685"), dispute: { reason: "product_not_received" } },
  pm_card_createDisputeInquiry: { card: card("visa", "1976"), dispute: { reason: "fraudulent", isInquiry: true } },
  pm_card_pendingRefund: { card: card("visa", "7726"), refund: "succeedsLater" },
  pm_card_refundFail: { card: card("visa", "5126"), refund: "failsLater" },
};

/** Stripe's published test payment methods (https://docs.stripe.com/testing), and the simulator's own for what Stripe cannot play. */
export const testCards: Readonly<Record<string, TestCard>> = {
  ...{ ...brands, ...countries, ...declines, ...visaDeclines, ...radar, ...authentications, ...afterwards },
  pm_sim_refund_fails: { card: visa, refund: "fails" },
  pm_sim_refund_stays_pending: { card: visa, refund: "staysPending" },
  pm_sim_slow: { card: visa, fault: "slow" },
  pm_sim_timeout_then_success: { card: visa, fault: "timeoutThenSuccess" },
  pm_sim_error_after_charge: { card: visa, fault: "errorAfterCharge" },
  pm_sim_duplicate_webhooks: { card: visa, fault: "duplicateWebhooks" },
  pm_sim_webhook_first: { card: visa, fault: "webhookFirst" },
  pm_sim_never_answers: { card: visa, fault: "neverAnswers" },
  pm_sim_answers_lost: { card: visa, fault: "answersLost" },
  pm_sim_capture_fault_once: { card: visa, captureFaults: 1 },
  pm_sim_capture_refused: { card: visa, captureRefusals: Number.POSITIVE_INFINITY },
  pm_sim_capture_refused_once: { card: visa, captureRefusals: 1 },
  pm_sim_capture_refused_answers_lost: { card: visa, captureRefusals: Number.POSITIVE_INFINITY, fault: "answersLost" },
};
