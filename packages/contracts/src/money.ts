import * as z from "zod";
import { Currency } from "./currency.ts";

/** An amount in whole minor units of its currency (cents, yen, fils), at most 2^53 − 1. It never passes through a fraction. */
export const Money = z.strictObject({ amountMinor: z.int().nonnegative(), currency: Currency });
export type Money = z.infer<typeof Money>;

export const zero = (currency: Currency): Money => ({ amountMinor: 0, currency });

/**
 * The exact sum, or null where it lies beyond 2^53 − 1: it is never rounded.
 * @throws {MixedCurrencies}
 */
export const add = (left: Money, right: Money): Money | null => {
  if (left.currency !== right.currency) throw new MixedCurrencies(left.currency, right.currency);
  return exact(left.amountMinor + right.amountMinor, left.currency);
};

/** The exact product with a whole number of pieces, or null where it lies beyond 2^53 − 1. */
export const multiply = (money: Money, pieces: number): Money | null => exact(money.amountMinor * pieces, money.currency);

/** A bug of the caller: amounts of two currencies have no sum. */
export class MixedCurrencies extends Error {
  override readonly name = "MixedCurrencies";
  readonly retryable = false;

  constructor(left: Currency, right: Currency) {
    super(`${left} and ${right} cannot be added`);
  }
}

// A product or sum of safe integers that rounds, rounds to 2^53 or more, so it is not safe itself.
const exact = (amountMinor: number, currency: Currency): Money | null =>
  Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : null;
