import * as z from "zod";
import { minorUnitDigits } from "./minor-unit-digits.ts";

/** An ISO 4217 alphabetic code. */
export const Currency = z.enum(Object.keys(minorUnitDigits) as [Currency, ...Currency[]]);
export type Currency = keyof typeof minorUnitDigits;
