import { Currency } from "@cartwright/contracts/currency";
import { FraudDecision } from "@cartwright/contracts/fraud-events";
import { OrderCancelReason } from "@cartwright/contracts/order-view";
import type { Count, FigureName } from "./count.ts";
import { PaymentState } from "./payment-standing.ts";

/** What happened on one day, in UTC. */
export type DayFigures = {
  /** `2026-01-31`. */
  readonly day: string;
  readonly currencies: readonly CurrencyFigures[];
  readonly ordersCancelled: Tally<OrderCancelReason>;
  /** How the payments that were begun on this day stand now. */
  readonly payments: Tally<PaymentState>;
  /** What fraud screening decided. */
  readonly assessments: Tally<FraudDecision>;
};

/** How many of each; what there is none of is left out. */
export type Tally<Key extends string> = Readonly<Partial<Record<Key, number>>>;

/** Amounts are whole minor units, each on the day on which the money moved. */
export type CurrencyFigures = {
  readonly currency: Currency;
  /** That were opened. */
  readonly carts: number;
  /** That were placed, and what they came to. */
  readonly orders: number;
  readonly orderValueMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** What banks took back for their customers, less what they gave again. */
  readonly disputedMinor: number;
  /** Captured less refunded and disputed. */
  readonly revenueMinor: number;
};

/** What counts have come to, day by day; days on which nothing happened are left out. */
export const figuresOf = (counts: readonly Count[]): readonly DayFigures[] =>
  [
    ...Map.groupBy(
      counts.filter(({ amount }) => amount !== 0),
      ({ day }) => day,
    ),
  ]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([day, ofDay]) => ({
      day,
      currencies: currenciesOf(ofDay),
      ordersCancelled: tallyOf("ordersCancelled", OrderCancelReason.options, ofDay),
      payments: tallyOf("payments", PaymentState.options, ofDay),
      assessments: tallyOf("assessments", FraudDecision.options, ofDay),
    }));

const perCurrency: readonly FigureName[] = ["carts", "orders", "orderValue", "captured", "refunded", "disputed"];

const currenciesOf = (counts: readonly Count[]): readonly CurrencyFigures[] =>
  [
    ...Map.groupBy(
      counts.filter(({ name }) => perCurrency.includes(name)),
      ({ key }) => key,
    ),
  ]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, its]) => {
      const amounts = new Map(its.map(({ name, amount }) => [name, amount]));
      const of = (name: FigureName) => amounts.get(name) ?? 0;
      const [capturedMinor, refundedMinor, disputedMinor] = [of("captured"), of("refunded"), of("disputed")];
      return {
        currency: Currency.parse(key),
        ...{ carts: of("carts"), orders: of("orders"), orderValueMinor: of("orderValue") },
        ...{ capturedMinor, refundedMinor, disputedMinor, revenueMinor: capturedMinor - refundedMinor - disputedMinor },
      };
    });

const tallyOf = <Key extends string>(name: FigureName, keys: readonly Key[], counts: readonly Count[]): Tally<Key> => {
  const amounts = new Map(counts.filter((count) => count.name === name).map(({ key, amount }) => [key, amount]));
  // Entries of these keys alone.
  return Object.fromEntries(keys.flatMap((key) => (amounts.has(key) ? [[key, amounts.get(key)]] : []))) as Tally<Key>;
};
