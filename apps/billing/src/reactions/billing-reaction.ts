import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import type { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Decision } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { HandlerContext } from "@cartwright/messaging/handlers";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import { currentTraceparent } from "@cartwright/service-kit/tracing";
import type { Payment } from "../payments/payment.ts";

export type BillingReactionDeps = { readonly handler: CommandHandler<Payment, BillingEvent>; readonly now: () => Date };

export const serviceName = "billing";

/** Lets an event of another service drive a step of a payment. */
export const billingReaction =
  ({ handler, now }: BillingReactionDeps) =>
  (
    paymentId: PaymentId,
    context: HandlerContext<unknown>,
    decide: (payment: Payment, now: Instant) => Decision<BillingEvent, never>,
  ): Promise<void> => {
    const at = instantOf(now());
    const fields = reactionTo(context, { service: serviceName, traceparent: currentTraceparent() });
    return settled(handler.handle({ streamId: paymentStreamId(paymentId), ...fields, decide: (payment) => decide(payment, at) }));
  };
