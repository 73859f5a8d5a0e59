import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import { cartEvents } from "@cartwright/contracts/cart-events";
import { fraudEvents } from "@cartwright/contracts/fraud-events";
import type { PaymentId } from "@cartwright/contracts/ids";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { type Count, dayOf } from "./count.ts";
import { billingEventCounts, cartEventCounts, countedTypes, countsOf, fraudEventCounts } from "./event-counts.ts";
import type { FiguresWriter } from "./figures-writer.ts";
import { heldByBanks, type PaymentStanding, paymentStateOf, standingAfter } from "./payment-standing.ts";

/** Of one of the logs that the figures are made of. */
export type CountedLog = {
  /** The types that are counted, and those that are known besides. */
  readonly types: readonly string[];
  readonly ignored: readonly string[];
  /**
   * Counts events of these types; those of a stream are in order.
   * @throws what a stored event that can't be decoded throws.
   */
  count(events: readonly RecordedEvent[], figures: FiguresWriter): Promise<void>;
};

export type LogName = "cart" | "billing" | "fraud";
export const logNames = ["cart", "billing", "fraud"] as const satisfies readonly LogName[];

const without = (all: Readonly<Record<string, unknown>>, types: readonly string[]) =>
  Object.keys(all).filter((type) => !types.includes(type));

const cartTypes = countedTypes(cartEventCounts);
const fraudTypes = countedTypes(fraudEventCounts);

export const countedLogs: Record<LogName, CountedLog> = {
  cart: {
    types: cartTypes,
    ignored: without(cartEventCounts, cartTypes),
    count: (events, figures) =>
      figures.add({ counts: events.flatMap((event) => countsOf(cartEventCounts, cartEvents.decode(event))), standings: new Map() }),
  },
  billing: {
    // Whatever happens to a payment may say how it stands.
    types: Object.keys(billingEventCounts),
    ignored: [],
    async count(events, figures) {
      const decoded = events.map((recorded) => ({ recorded, event: billingEvents.decode(recorded) }));
      const before = await figures.standings([...new Set(decoded.map(({ event }) => event.data.paymentId))]);
      const standings = new Map<PaymentId, PaymentStanding>();
      const counts = decoded.flatMap(({ event, recorded }) => {
        const { paymentId } = event.data;
        const known = standings.get(paymentId) ?? before.get(paymentId) ?? null;
        const standing = standingAfter(known, event, recorded.recordedAt.toISOString().slice(0, 10));
        standings.set(paymentId, standing);
        return [...countsOf<BillingEvent>(billingEventCounts, event), ...disputed(event, known, standing), ...moved(known, standing)];
      });
      await figures.add({ counts, standings });
    },
  },
  fraud: {
    types: fraudTypes,
    ignored: without(fraudEventCounts, fraudTypes),
    count: (events, figures) =>
      figures.add({ counts: events.flatMap((event) => countsOf(fraudEventCounts, fraudEvents.decode(event))), standings: new Map() }),
  },
};

/** What a bank took with this event, or gave again. */
const disputed = ({ type, data }: BillingEvent, before: PaymentStanding | null, after: PaymentStanding): readonly Count[] => {
  if (type !== "PaymentDisputed" && type !== "PaymentDisputeClosed") return [];
  const day = dayOf(type === "PaymentDisputed" ? data.disputedAt : data.closedAt);
  const amount = heldByBanks(after) - (before ? heldByBanks(before) : 0);
  return [{ day, name: "disputed", key: data.amount.currency, amount }];
};

/** The payment is counted where it is now, and no longer where it was. */
const moved = (before: PaymentStanding | null, after: PaymentStanding): readonly Count[] => [
  ...(before ? [stateCount(before, -1)] : []),
  stateCount(after, 1),
];

const stateCount = (standing: PaymentStanding, amount: number): Count => ({
  ...{ day: standing.day, name: "payments" as const, key: paymentStateOf(standing) },
  amount,
});
