import type { Instant } from "@cartwright/contracts/instant";
import type { Country } from "@cartwright/contracts/pricing-shapes";
import type { UsedTaxRate } from "./pricing.ts";

/** The rate of a country that began last; of those that began together, the one whose id comes last. Null where none is in force. */
export const taxRateInForce = (
  rates: readonly UsedTaxRate[],
  { country, now }: { country: Country | null; now: Instant },
): UsedTaxRate | null => {
  const inForce = rates.filter(
    ({ rate }) => rate.country === country && rate.validFrom <= now && (rate.validUntil === null || now < rate.validUntil),
  );
  const order = ({ rate, taxRateId }: UsedTaxRate) => `${rate.validFrom} ${taxRateId}`;
  return inForce.reduce<UsedTaxRate | null>((latest, rate) => (latest && order(latest) > order(rate) ? latest : rate), null);
};
