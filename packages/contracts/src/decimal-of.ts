import { minorUnitDigits } from "./minor-unit-digits.ts";
import type { Money } from "./money.ts";

/** The amount with its decimal point, for people and for formats that ask for it: `1234.50`, `1235` (JPY), `1.234` (KWD). */
export const decimalOf = ({ amountMinor, currency }: Money): string => {
  const digits = minorUnitDigits[currency];
  if (digits === 0) return String(amountMinor);
  const padded = String(amountMinor).padStart(digits + 1, "0");
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
};
