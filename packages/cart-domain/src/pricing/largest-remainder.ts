/**
 * Splits a whole amount over parts in proportion to their weights, so that the shares always sum to the amount: each gets what it is due
 * rounded down, and the units that are left go to those that lost the most by it, the earlier ones first. Where nothing weighs anything,
 * nothing can be split.
 * @throws {RangeError} when an amount is to be split over no weight at all.
 */
export const largestRemainder = (amount: number, weights: readonly number[]): readonly number[] => {
  if (amount === 0) return weights.map(() => 0);
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n) throw new RangeError(`${amount} can't be split over nothing`);
  const due = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight);
    return { index, share: Number(product / whole), lost: product % whole };
  });
  const left = amount - due.reduce((sum, { share }) => sum + share, 0);
  const shares = due.map(({ share }) => share);
  const byLoss = due.toSorted((one, other) => (one.lost === other.lost ? one.index - other.index : one.lost < other.lost ? 1 : -1));
  for (const { index } of byLoss.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
};
