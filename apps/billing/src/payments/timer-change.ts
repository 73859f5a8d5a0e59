import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import type { PaymentId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Timer } from "@cartwright/messaging/timers";

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

export const timerKinds = {
  expiry: "payment-expiry",
  capture: "payment-capture",
  refund: "payment-refund",
  check: "payment-check",
} as const;

export type TimerChange = { readonly cancels: readonly string[]; readonly due?: Timer };

/** What an event means for the timers of its payment; null where nothing. */
export const timerChangeOf = ({ type, data }: BillingEvent, options: PaymentTimersOptions): TimerChange | null => {
  const { expiryMarginMs, captureRetryMs, refundRetryMs } = options;
  const { paymentId } = data;
  const streamId = paymentStreamId(paymentId);
  const [expiry, capture] = [`${timerKinds.expiry}:${paymentId}`, `${timerKinds.capture}:${paymentId}`];
  switch (type) {
    case "PaymentAuthorized": {
      const dueAt = new Date(Date.parse(data.captureBefore) - expiryMarginMs);
      return { cancels: [], due: { id: expiry, kind: timerKinds.expiry, dueAt, streamId, payload: { paymentId } } };
    }
    case "PaymentCaptureFailed": {
      if (data.isFinal) return { cancels: [expiry, capture] };
      const dueAt = new Date(Date.parse(data.failedAt) + captureRetryMs * 2 ** (data.attempt - 1));
      const payload = { paymentId, attempt: data.attempt + 1 };
      return { cancels: [], due: { id: capture, kind: timerKinds.capture, dueAt, streamId, payload } };
    }
    case "PaymentRefundFailed": {
      if (data.isFinal) return null;
      const dueAt = new Date(Date.parse(data.failedAt) + doubled(refundRetryMs, data.attempt - 1));
      return {
        cancels: [],
        due: { id: `${timerKinds.refund}:${paymentId}`, kind: timerKinds.refund, dueAt, streamId, payload: { paymentId } },
      };
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
  return {
    id: `${timerKinds.check}:${paymentId}`,
    kind: timerKinds.check,
    dueAt,
    streamId: paymentStreamId(paymentId),
    payload: { paymentId },
  };
};

/** Up to a day. */
const doubled = (ms: number, times: number): number => Math.min(ms * 2 ** times, Math.max(ms, DAY_MS));

const DAY_MS = 86_400_000;
