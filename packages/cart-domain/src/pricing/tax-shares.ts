import type { Rounding, TaxRateData } from "@cartwright/contracts/pricing-shapes";
import { largestRemainder } from "./largest-remainder.ts";
import { roundedDivision } from "./rounded-division.ts";

export type TaxShares = {
  /** What the tax is taken of, without it, in minor units. */
  readonly base: number;
  readonly amount: number;
  /** Of each amount; they sum to the whole. */
  readonly shares: readonly number[];
};

type Taxing = {
  readonly amounts: readonly number[];
  readonly rate: Pick<TaxRateData, "ratePpm" | "isInclusive"> | null;
  readonly rounding: Rounding;
};

/** The tax on all of the amounts, rounded once: what they hold of it where the rate is inclusive, what comes on top where it is not. */
export const taxShares = ({ amounts, rate, rounding }: Taxing): TaxShares => {
  const whole = amounts.reduce((sum, amount) => sum + amount, 0);
  if (!rate) return { base: whole, amount: 0, shares: amounts.map(() => 0) };
  const ppm = BigInt(rate.ratePpm);
  const of = rate.isInclusive ? million + ppm : million;
  const amount = Number(roundedDivision(BigInt(whole) * ppm, of, rounding));
  return { base: rate.isInclusive ? whole - amount : whole, amount, shares: largestRemainder(amount, amounts) };
};

const million = 1_000_000n;
