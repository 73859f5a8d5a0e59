import type { OrderStatus } from "@cartwright/contracts/order-view";
import {
  cancelledBeforeCapture,
  cancelledUnanswered,
  type Purchase as How,
  paid,
  paidBack,
  paidBackInPart,
  paidBackUnanswered,
  paidInTheEnd,
} from "../crash-points/purchases.ts";

/** What a purchase has to have come to at rest. */
export type End = {
  readonly order: OrderStatus;
  /** As billing's books have it. */
  readonly payment: "Captured" | "PartlyRefunded" | "Refunded" | "Voided";
  /** Of the money that was taken, if any was: how much went back, in minor units. */
  readonly returned: "all" | number;
};

/** A way to buy, and what it comes to. */
export type PurchaseKind = How & { readonly ends: End };

const isPaid: End = { order: "paid", payment: "Captured", returned: 0 };
const isGivenUp: End = { order: "cancelled", payment: "Voided", returned: 0 };

export const plain: PurchaseKind = { ...paid, ends: isPaid };

/** Between them they ask the provider for all that it can be asked for, and hear of it, or do not. */
export const kinds: readonly PurchaseKind[] = [
  plain,
  { ...paidBackInPart, ends: { order: "partlyRefunded", payment: "PartlyRefunded", returned: 100 } },
  { ...cancelledBeforeCapture, ends: isGivenUp },
  { ...paidBackUnanswered, ends: { order: "refunded", payment: "Refunded", returned: "all" } },
  { ...cancelledUnanswered, ends: isGivenUp },
  { ...paidBack, ends: { order: "cancelled", payment: "Refunded", returned: "all" } },
  { ...paidInTheEnd, ends: isPaid },
];
