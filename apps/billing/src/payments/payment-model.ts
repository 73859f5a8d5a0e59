import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { StreamModel } from "@cartwright/event-log/command-handler";
import { evolve } from "./evolve.ts";
import { absentPayment, type Payment } from "./payment.ts";

/** How the stream `payment-<paymentId>` is folded and written. */
export const paymentModel: StreamModel<Payment, BillingEvent> = {
  initial: absentPayment,
  evolve,
  encode: billingEvents.encode,
  decode: billingEvents.decode,
};
