import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { EventMetadata } from "@cartwright/contracts/event-metadata";
import { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Decision } from "@cartwright/decider/decision";
import type { BatchHandler, Handlers } from "@cartwright/messaging/handlers";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { cancelTimers, scheduleTimers, type TimerHandler } from "@cartwright/messaging/timers";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import * as z from "zod";
import { type BillingReactionDeps, serviceName } from "../reactions/billing-reaction.ts";
import { endAuthorization } from "./end-authorization.ts";
import type { Payment } from "./payment.ts";
import { requestOpenCheck } from "./request-check.ts";
import { retryCapture } from "./retry-capture.ts";
import { retryRefund } from "./retry-refund.ts";
import { type PaymentTimersOptions, timerChangeOf, timerKinds } from "./timer-change.ts";

/**
 * An authorization has a timer as long as it is held, whatever is refused meanwhile, a capture that was refused until it is tried again, money
 * that has to go back and did not, and what the provider leaves open: a refund that it has not decided, and whatever it did not answer.
 */
export const paymentTimers = (options: PaymentTimersOptions): Handlers<BillingEvent, TableTools, void> => {
  const { schema } = options;
  const keep: BatchHandler<BillingEvent, TableTools, void> = {
    async batch(received, { tx, log }) {
      // One after another: what a later event says of a timer counts.
      for (const { event, ...context } of received) {
        const change = timerChangeOf(event, options);
        if (!change) continue;
        const { cancels, due } = change;
        await cancelTimers(tx, schema, cancels);
        if (!due) continue;
        const traced = { service: serviceName, traceparent: traceparentOf(context.recorded) };
        const { metadata } = reactionTo({ ...context, log }, traced);
        await scheduleTimers(tx, schema, [{ ...due, payload: { ...due.payload, metadata } }]);
      }
    },
  };
  return { "*": keep };
};

/** What happens when they are due. */
export const paymentTimerHandlers = ({ handler, now }: BillingReactionDeps): Readonly<Record<string, TimerHandler>> => {
  const on =
    <Payload extends { paymentId: PaymentId; metadata: EventMetadata }>(
      schema: z.ZodType<Payload>,
      decide: (payload: Payload, now: Instant) => (payment: Payment) => Decision<BillingEvent, never>,
    ): TimerHandler =>
    (timer) => {
      const payload = schema.parse(timer.payload);
      const { paymentId, metadata } = payload;
      const keyed = { streamId: paymentStreamId(paymentId), key: timer.key, fingerprint: timer.key, metadata };
      return settled(handler.handle({ ...keyed, decide: decide(payload, instantOf(now())) }));
    };
  return {
    [timerKinds.expiry]: on(OfPayment, (_, at) => (payment) => endAuthorization({ now: at }, payment)),
    [timerKinds.refund]: on(OfPayment, (_, at) => (payment) => retryRefund({ now: at }, payment)),
    [timerKinds.check]: on(OfPayment, (_, at) => (payment) => requestOpenCheck({ now: at }, payment)),
    [timerKinds.capture]: on(
      Capture,
      ({ attempt }, at) =>
        (payment) =>
          retryCapture({ attempt, now: at }, payment),
    ),
  };
};

const OfPayment = z.object({ paymentId: PaymentId, metadata: EventMetadata });
const Capture = OfPayment.extend({ attempt: z.int().positive() });
