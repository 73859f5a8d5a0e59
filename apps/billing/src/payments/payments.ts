import { type BillingEvent, billingEvents, paymentStreamId } from "@cartwright/contracts/billing-events";
import { paymentIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutId, PaymentId } from "@cartwright/contracts/ids";
import type { ExportedStream } from "@cartwright/contracts/privacy-export";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import { exportedStreams } from "@cartwright/event-log/exported-streams";
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
  /** Everything that ever happened to the payments of these checkouts. */
  exported(checkoutIds: readonly CheckoutId[]): Promise<readonly ExportedStream[]>;
};

export type PaymentsDeps = {
  readonly handler: Pick<CommandHandler<Payment, BillingEvent>, "load">;
  readonly log: Pick<EventLog, "readStream">;
};

export const payments = ({ handler, log }: PaymentsDeps): Payments => ({
  async get(paymentId) {
    const { state, version } = await handler.load(paymentStreamId(paymentId));
    if (state.status === "Absent") return null;
    const { paymentToken: _, keptNews: __, presentedAt, updatedAt, ...facts } = state;
    return { ...facts, conditions: conditionsOf(state), version, presentedAt: new Date(presentedAt), updatedAt: new Date(updatedAt) };
  },
  exported: (checkoutIds) =>
    exportedStreams(
      { log, decode: billingEvents.decode },
      checkoutIds.map((checkoutId) => paymentStreamId(paymentIdOf(checkoutId))),
    ),
});
