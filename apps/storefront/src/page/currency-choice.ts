import type { Currency } from "@cartwright/contracts/currency";
import { minorUnitDigits } from "@cartwright/contracts/minor-unit-digits";
import { currencyOfRegion } from "../shop/currency-of-region.ts";
import { observable } from "../shop/observable.ts";

/** The currency that prices are shown in, kept for the next visit. */
export type CurrencyChoice = {
  subscribe(listener: () => void): () => void;
  getSnapshot(): Currency;
  choose(currency: Currency): void;
};

export const currencyChoice = (): CurrencyChoice => {
  const state = observable(kept() ?? currencyOfRegion(navigator.language));
  return {
    subscribe: state.subscribe,
    getSnapshot: state.get,
    choose(currency) {
      try {
        localStorage.setItem(KEY, currency);
      } catch {}
      state.set(currency);
    },
  };
};

const kept = (): Currency | null => {
  try {
    const text = localStorage.getItem(KEY) ?? "";
    return Object.hasOwn(minorUnitDigits, text) ? (text as Currency) : null;
  } catch {
    return null;
  }
};

const KEY = "cartwright.currency";
