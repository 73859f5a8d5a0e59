import type { Instant } from "@cartwright/contracts/instant";
import * as z from "zod";

/** Each is counted by a key: a currency, a reason, a state or a decision. */
export const FigureName = z.enum([
  "carts",
  "orders",
  "orderValue",
  "ordersCancelled",
  "captured",
  "refunded",
  "disputed",
  "payments",
  "assessments",
]);
export type FigureName = z.infer<typeof FigureName>;

/** How much one figure of a day goes up, or down. */
export type Count = { readonly day: string; readonly name: FigureName; readonly key: string; readonly amount: number };

/** In UTC: `2026-01-31`. */
export const dayOf = (at: Instant): string => at.slice(0, 10);

/** One count a figure, in one order; what comes to nothing is left out. */
export const summed = (counts: Iterable<Count>): readonly Count[] => {
  const sums = new Map<string, Count>();
  for (const count of counts) {
    const place = placeOf(count);
    sums.set(place, { ...count, amount: count.amount + (sums.get(place)?.amount ?? 0) });
  }
  return [...sums]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, sum]) => sum)
    .filter(({ amount }) => amount !== 0);
};

/** By what a figure is told from the others. */
export const placeOf = ({ day, name, key }: Omit<Count, "amount">): string => `${day} ${name} ${key}`;
