import type { BillingEvent } from "@cartwright/contracts/billing-events";
import type { Instant } from "@cartwright/contracts/instant";
import { accept, type Decision } from "@cartwright/decider/decision";
import type { Payment } from "./payment.ts";
import { refundEverything } from "./request-refund.ts";

/** Money that nobody is to keep did not go back: what is not on its way is given back anew, as a refund of its own. */
export const retryRefund = ({ now }: { now: Instant }, payment: Payment): Decision<BillingEvent, never> =>
  payment.status === "Absent" || !payment.isUnwanted ? accept() : accept(...refundEverything(payment, now));
