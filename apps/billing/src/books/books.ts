import type { PaymentId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { PaymentStatus } from "../payments/payment.ts";

/** What the books answer. They follow the log, a moment behind. */
export type Books = {
  /** Newest first. */
  list(question: ListQuestion): Promise<readonly ListedPayment[]>;
  /** By day (UTC) and currency, oldest first; `from` and `to` are days, both included. */
  totals(question: { readonly from: string; readonly to: string }): Promise<readonly PaymentTotals[]>;
};

export type ListQuestion = {
  readonly status?: PaymentStatus | undefined;
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
  /** What banks have taken back for their customers, and given again. */
  readonly disputedMinor: number;
  readonly disputesWonMinor: number;
};
