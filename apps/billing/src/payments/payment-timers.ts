import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import { EventMetadata } from "@cartwright/contracts/event-metadata";
import { PaymentId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { Decision } from "@cartwright/decider/decision";
import type { BatchHandler, Handlers } from "@cartwright/messaging/handlers";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { cancelTimers, scheduleTimers, type Timer, type TimerHandler } from "@cartwright/messaging/timers";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import * as z from "zod";
import { type BillingReactionDeps, serviceName } from "../reactions/billing-reaction.ts";
import { endAuthorization } from "./end-authorization.ts";
import type { Payment } from "./payment.ts";
import { requestOpenCheck } from "./request-check.ts";
import { retryCapture } from "./retry-capture.ts";
import { retryRefund } from "./retry-refund.ts";

export type PaymentTimersOptions = {
  readonly schema: string;
  /** How long before its end an authorization is used or given back. */
  readonly expiryMarginMs: number;
  /** After the first refusal of a capture; twice as long after each. */
  readonly captureRetryMs: number;
  /** After the first refund that failed of money that nobody is to keep; twice as long after each, up to a day. */
  readonly refundRetryMs: number;
  /** After what the provider leaves open; twice as long after each time that it was asked, up to a day. */
  readonly checkMs: number;
};

const kinds = { expiry: "payment-expiry", capture: "payment-capture", refund: "payment-refund", check: "payment-check" } as const;

/**
 * An authorization has a timer while it is held, a capture that was refused until it is tried again, money that has to go back and did not,
 * and what the provider leaves open: a refund that it has not decided, and whatever it did not answer.
 */
export const paymentTimers = (options: PaymentTimersOptions): Handlers<BillingEvent, TableTools, void> => {
  const { schema } = options;
  const keep: BatchHandler<BillingEvent, TableTools, void> = {
    async batch(received, { tx, log }) {
      // One after another: what a later event says of a timer counts.
      for (const { event, ...context } of received) {
        const change = changeOf(event, options);
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

type Change = { readonly cancels: readonly string[]; readonly due?: Timer };

const changeOf = ({ type, data }: BillingEvent, options: PaymentTimersOptions): Change | null => {
  const { expiryMarginMs, captureRetryMs, refundRetryMs } = options;
  const { paymentId } = data;
  const streamId = paymentStreamId(paymentId);
  const [expiry, capture] = [`${kinds.expiry}:${paymentId}`, `${kinds.capture}:${paymentId}`];
  switch (type) {
    case "PaymentAuthorized": {
      const dueAt = new Date(Date.parse(data.captureBefore) - expiryMarginMs);
      return { cancels: [], due: { id: expiry, kind: kinds.expiry, dueAt, streamId, payload: { paymentId } } };
    }
    case "PaymentCaptureFailed": {
      if (data.isFinal) return { cancels: [expiry, capture] };
      const dueAt = new Date(Date.parse(data.failedAt) + captureRetryMs * 2 ** (data.attempt - 1));
      const payload = { paymentId, attempt: data.attempt + 1 };
      return { cancels: [], due: { id: capture, kind: kinds.capture, dueAt, streamId, payload } };
    }
    case "PaymentRefundFailed": {
      if (data.isFinal) return null;
      const dueAt = new Date(Date.parse(data.failedAt) + doubled(refundRetryMs, data.attempt - 1));
      return { cancels: [], due: { id: `${kinds.refund}:${paymentId}`, kind: kinds.refund, dueAt, streamId, payload: { paymentId } } };
    }
    case "PaymentRefundRequested":
      return { cancels: [], due: checkTimer(paymentId, { from: data.requestedAt, checks: 0 }, options) };
    case "PaymentOutcomeUnknown":
      return { cancels: [], due: checkTimer(paymentId, { from: data.since, checks: 0 }, options) };
    case "PaymentCheckRequested":
      return { cancels: [], due: checkTimer(paymentId, { from: data.requestedAt, checks: data.check }, options) };
    case "PaymentCaptureRequested":
    case "PaymentCaptured":
    case "PaymentVoidRequested":
    case "PaymentVoided":
    case "PaymentExpired":
      return { cancels: [expiry, capture] };
    default:
      return null;
  }
};

const checkTimer = (
  paymentId: PaymentId,
  { from, checks }: { readonly from: Instant; readonly checks: number },
  { checkMs }: PaymentTimersOptions,
): Timer => {
  const dueAt = new Date(Date.parse(from) + doubled(checkMs, checks));
  return { id: `${kinds.check}:${paymentId}`, kind: kinds.check, dueAt, streamId: paymentStreamId(paymentId), payload: { paymentId } };
};

/** Up to a day. */
const doubled = (ms: number, times: number): number => Math.min(ms * 2 ** times, Math.max(ms, DAY_MS));

const DAY_MS = 86_400_000;

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
    [kinds.expiry]: on(OfPayment, (_, at) => (payment) => endAuthorization({ now: at }, payment)),
    [kinds.refund]: on(OfPayment, (_, at) => (payment) => retryRefund({ now: at }, payment)),
    [kinds.check]: on(OfPayment, (_, at) => (payment) => requestOpenCheck({ now: at }, payment)),
    [kinds.capture]: on(
      Capture,
      ({ attempt }, at) =>
        (payment) =>
          retryCapture({ attempt, now: at }, payment),
    ),
  };
};

const OfPayment = z.object({ paymentId: PaymentId, metadata: EventMetadata });
const Capture = OfPayment.extend({ attempt: z.int().positive() });
