import type { Currency } from "./currency.ts";
import { decimalOf } from "./decimal-of.ts";
import { minorUnitDigits } from "./minor-unit-digits.ts";
import type { Money } from "./money.ts";

/** Money as people of a locale write it, exact to the last minor unit: the amount goes there as digits and never as a fraction. */
export const formatMoney = (money: Money, locale?: string): string =>
  // The compiler wants to see that it is a number in writing.
  formatOf(money.currency, locale).format(decimalOf(money) as Intl.StringNumericLiteral);

const formatOf = (currency: Currency, locale: string | undefined): Intl.NumberFormat => {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  // Browsers think that some currencies have fewer digits than ISO 4217 says.
  const digits = minorUnitDigits[currency];
  const made = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(key, made);
  return made;
};

const formats = new Map<string, Intl.NumberFormat>();
