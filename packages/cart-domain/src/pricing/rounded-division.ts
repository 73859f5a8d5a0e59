import type { Rounding } from "@cartwright/contracts/pricing-shapes";

/** The whole number next to `numerator / denominator`; what lies half way goes as the rule says. Both are 0 or more, and exact. */
export const roundedDivision = (numerator: bigint, denominator: bigint, rounding: Rounding): bigint => {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator) return quotient;
  if (twice > denominator) return quotient + 1n;
  return rounding === "half-even" && quotient % 2n === 0n ? quotient : quotient + 1n;
};
