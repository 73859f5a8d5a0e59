import type { Money } from "./money.ts";

export const sameMoney = (left: Money, right: Money): boolean => left.amountMinor === right.amountMinor && left.currency === right.currency;
