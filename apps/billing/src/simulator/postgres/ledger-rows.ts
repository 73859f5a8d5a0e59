import type { DueEvent, SimulatedDispute, SimulatedIntent, SimulatedRefund } from "../simulator-ledger.ts";

export type IntentRow = {
  id: string;
  amount: string;
  currency: string;
  status: SimulatedIntent["status"];
  amount_received: string;
  payment_method: string;
  metadata: Record<string, string>;
  return_url: string | null;
  last_error: SimulatedIntent["lastError"];
  cancellation_reason: SimulatedIntent["cancellationReason"];
  created_at: Date;
};

export const toIntent = (row: IntentRow): SimulatedIntent => ({
  id: row.id,
  amount: Number(row.amount),
  currency: row.currency,
  status: row.status,
  amountReceived: Number(row.amount_received),
  paymentMethod: row.payment_method,
  metadata: row.metadata,
  returnUrl: row.return_url,
  lastError: row.last_error,
  cancellationReason: row.cancellation_reason,
  createdAt: row.created_at,
});

export type RefundRow = {
  id: string;
  intent_id: string;
  amount: string;
  currency: string;
  status: SimulatedRefund["status"];
  metadata: Record<string, string>;
  next_status: "succeeded" | "failed" | null;
  next_at: Date | null;
};

export const toRefund = ({ intent_id: intentId, amount, next_status: next, next_at: at, ...row }: RefundRow): SimulatedRefund => {
  const { id, currency, status, metadata } = row;
  return { ...{ id, intentId, currency, status, metadata }, amount: Number(amount), next: next && at && { status: next, at } };
};

export type DisputeRow = {
  id: string;
  intent_id: string;
  amount: string;
  currency: string;
  reason: string;
  status: SimulatedDispute["status"];
};

export const toDispute = ({ id, intent_id: intentId, amount, currency, reason, status }: DisputeRow): SimulatedDispute => ({
  ...{ id, intentId, currency, reason, status },
  amount: Number(amount),
});

export type EventRow = { id: string; type: string; object: object; copies: number; attempts: number; created_at: Date };

export const toEvent = ({ attempts: attempt, created_at: createdAt, id, type, object, copies }: EventRow): DueEvent => ({
  ...{ id, type, object, copies },
  attempt,
  createdAt,
});
