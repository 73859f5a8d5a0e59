import type { Currency } from "@cartwright/contracts/currency";
import type { Money } from "@cartwright/contracts/money";

/** In minor units; null where none is named in this currency. */
export const amountIn = (amounts: readonly Money[], currency: Currency): number | null =>
  amounts.find((amount) => amount.currency === currency)?.amountMinor ?? null;
