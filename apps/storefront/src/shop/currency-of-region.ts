import type { Currency } from "@cartwright/contracts/currency";

/** The currency to begin with for whoever reads in this locale. */
export const currencyOfRegion = (locale: string): Currency => {
  const region = new Intl.Locale(locale).maximize().region ?? "";
  return ownCurrencies[region] ?? "EUR";
};

/** Regions whose currency the demonstration's catalogue has, and which is not the euro. */
const ownCurrencies: Readonly<Record<string, Currency>> = { GB: "GBP", JP: "JPY", KW: "KWD", US: "USD", VN: "VND" };
