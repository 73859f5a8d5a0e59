import type { FraudInputs, FraudReason } from "@cartwright/contracts/fraud-events";

/** By currency, in its minor units. */
export type AmountCaps = ReadonlyMap<string, number>;

/** A checkout beyond the cap of its currency is blocked. One in a currency without a cap is not looked at. */
export const amountCap =
  (caps: AmountCaps) =>
  ({ amount }: FraudInputs): FraudReason | null =>
    amount.amountMinor > (caps.get(amount.currency) ?? Number.POSITIVE_INFINITY) ? { rule: "amount-cap", weight: 100 } : null;
