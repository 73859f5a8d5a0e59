import { Currency } from "@cartwright/contracts/currency";
import { minorUnitDigits } from "@cartwright/contracts/minor-unit-digits";
import type { Money } from "@cartwright/contracts/money";

/** Stripe's minor units are those of ISO 4217, but for these: https://docs.stripe.com/currencies#special-cases */
const digitsAtStripe: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

export type StripeAmount = { readonly amount: number; readonly currency: string };

/** Of three digits Stripe takes two: https://docs.stripe.com/currencies#three-decimal */
const lastDigitIsZero = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);

/** Null where the amount cannot be said to Stripe: it would not be whole there, or Stripe takes none so fine. */
export const toStripe = ({ amountMinor, currency }: Money): StripeAmount | null => {
  const amount = shifted(amountMinor, (digitsAtStripe[currency] ?? minorUnitDigits[currency]) - minorUnitDigits[currency]);
  if (lastDigitIsZero.has(currency) && amount % 10 !== 0) return null;
  return Number.isSafeInteger(amount) ? { amount, currency: currency.toLowerCase() } : null;
};

/** @throws when Stripe's amount is none of ours. */
export const fromStripe = ({ amount, currency: code }: StripeAmount): Money => {
  const currency = Currency.parse(code.toUpperCase());
  const amountMinor = shifted(amount, minorUnitDigits[currency] - (digitsAtStripe[currency] ?? minorUnitDigits[currency]));
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amount} ${currency} is not a whole amount`);
  return { amountMinor, currency };
};

/** By powers of ten alone: what does not come out whole was not. */
const shifted = (amount: number, digits: number): number => (digits < 0 ? amount / 10 ** -digits : amount * 10 ** digits);
