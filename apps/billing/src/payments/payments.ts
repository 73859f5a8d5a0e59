import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import type { PaymentId } from "@cartwright/contracts/ids";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import { conditionsOf, type ExistingPayment, type Payment, type PaymentCondition } from "./payment.ts";

/** A payment as it is told: what it is paid by is between the service and the provider. */
export type ShownPayment = Omit<ExistingPayment, "paymentToken" | "keptNews" | "presentedAt" | "updatedAt"> & {
  /** What somebody may have to look at. */
  readonly conditions: readonly PaymentCondition[];
  readonly version: number;
  readonly presentedAt: Date;
  readonly updatedAt: Date;
};

export type Payments = {
  /** As this moment's log has it; null where there is none. */
  get(paymentId: PaymentId): Promise<ShownPayment | null>;
};

export const payments = (handler: Pick<CommandHandler<Payment, BillingEvent>, "load">): Payments => ({
  async get(paymentId) {
    const { state, version } = await handler.load(paymentStreamId(paymentId));
    if (state.status === "Absent") return null;
    const { paymentToken: _, keptNews: __, presentedAt, updatedAt, ...facts } = state;
    return { ...facts, conditions: conditionsOf(state), version, presentedAt: new Date(presentedAt), updatedAt: new Date(updatedAt) };
  },
});
