import * as z from "zod";
import { minorUnitDigits } from "./minor-unit-digits.ts";

/** An ISO 4217 alphabetic code. */
export const Currency = z.enum(Object.keys(minorUnitDigits) as [Currency, ...Currency[]], {
  error: "must be the code of a currency by ISO 4217, such as EUR",
});
export type Currency = keyof typeof minorUnitDigits;
