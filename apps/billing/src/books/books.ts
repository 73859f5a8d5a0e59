import type { PaymentId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { PaymentCondition, PaymentStatus } from "../payments/payment.ts";

/**
 * What the books answer. They follow the log, a moment behind. An entry is dated by when it was written down here, not by the provider's
 * clock: a day that is over does not change any more, whatever is told late, and over all days the sums are the provider's.
 */
export type Books = {
  /** Waits, not for long, until the books hold what happened at this position. False where they do not. */
  reach(position: PaymentPosition): Promise<boolean>;
  /** Newest first. */
  list(question: ListQuestion): Promise<readonly ListedPayment[]>;
  /** By day (UTC) and currency, oldest first; `from` and `to` are days, both included. */
  totals(question: { readonly from: string; readonly to: string }): Promise<readonly PaymentTotals[]>;
  /** How many payments are in each condition. */
  conditions(): Promise<Readonly<Record<PaymentCondition, number>>>;
};

/** Where a command on a payment came to, as it was answered. */
export type PaymentPosition = { readonly paymentId: PaymentId; readonly position: bigint };

export type ListQuestion = {
  readonly status?: PaymentStatus | undefined;
  readonly condition?: PaymentCondition | undefined;
  /** Payments older than this one. */
  readonly after?: PaymentId | undefined;
  readonly limit: number;
};

export type ListedPayment = { readonly paymentId: PaymentId; readonly status: PaymentStatus; readonly begunAt: Date };

export type PaymentTotals = {
  readonly day: string;
  readonly currency: Money["currency"];
  /** In minor units; how many beside it. */
  readonly capturedMinor: number;
  readonly captures: number;
  readonly refundedMinor: number;
  readonly refunds: number;
  /** What banks have taken back for their customers, and given again; inquiries move nothing. */
  readonly disputedMinor: number;
  readonly disputesWonMinor: number;
};
