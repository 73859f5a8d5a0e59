import { Currency } from "@cartwright/contracts/currency";
import { decimalOf } from "@cartwright/contracts/decimal-of";
import { minorUnitDigits } from "@cartwright/contracts/minor-unit-digits";
import { fromStripe, type StripeAmount } from "../provider/stripe-amounts.ts";

/** An amount of the provider's as people write it; in a currency that only the provider knows, as it counts it. */
export const shownAmount = (amount: StripeAmount): string => {
  const code = amount.currency.toUpperCase();
  if (!Currency.safeParse(code).success) return `${amount.amount} ${code} (in minor units)`;
  const money = fromStripe(amount);
  const digits = minorUnitDigits[money.currency];
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // The compiler wants to see that it is a number in writing.
  return new Intl.NumberFormat("en", { style: "currency", currency: code, ...fraction }).format(
    decimalOf(money) as Intl.StringNumericLiteral,
  );
};
