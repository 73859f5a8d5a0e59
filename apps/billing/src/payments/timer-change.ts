import { type BillingEvent, paymentStreamId } from "@cartwright/contracts/billing-events";
import type { PaymentId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Timer } from "@cartwright/messaging/timers";

export type PaymentTimersOptions = {
  readonly schema: string;
  /** How long before its end an authorization is used or given back; of a short one, in the middle. */
  readonly expiryMarginMs: number;
  /** After the first refusal of a capture; twice as long after each, up to an hour. */
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
  const { captureRetryMs, refundRetryMs } = options;
  const { paymentId } = data;
  const [expiry, capture] = [`${timerKinds.expiry}:${paymentId}`, `${timerKinds.capture}:${paymentId}`];
  switch (type) {
    case "PaymentAuthorized":
      return { cancels: [], due: expiryTimer(paymentId, { from: data.authorizedAt, to: data.captureBefore }, options) };
    case "PaymentAuthorizationDated":
      return { cancels: [], due: expiryTimer(paymentId, { from: data.datedAt, to: data.captureBefore }, options) };
    case "PaymentCaptureFailed": {
      if (data.isFinal) return { cancels: [expiry, capture] };
      const dueAt = after(data.failedAt, doubled(captureRetryMs, data.attempt - 1, HOUR_MS));
      return { cancels: [], due: timerOf("capture", paymentId, { dueAt, attempt: data.attempt + 1 }) };
    }
    case "PaymentRefundFailed": {
      if (data.isFinal) return null;
      return { cancels: [], due: timerOf("refund", paymentId, { dueAt: after(data.failedAt, doubled(refundRetryMs, data.attempt - 1)) }) };
    }
    case "PaymentRefundRequested":
      return { cancels: [], due: checkTimer(paymentId, { from: data.requestedAt, checks: 0 }, options) };
    case "PaymentOutcomeUnknown":
      return { cancels: [], due: checkTimer(paymentId, { from: data.since, checks: 0 }, options) };
    case "PaymentCheckRequested":
      return { cancels: [], due: checkTimer(paymentId, { from: data.requestedAt, checks: data.check }, options) };
    case "PaymentCaptureRequested":
      return { cancels: [capture] };
    case "PaymentCaptured":
    case "PaymentVoidRequested":
    case "PaymentVoided":
    case "PaymentExpired":
      return { cancels: [expiry, capture] };
    default:
      return null;
  }
};

type Held = { readonly from: Instant; readonly to: Instant };

const expiryTimer = (paymentId: PaymentId, { from, to }: Held, { expiryMarginMs }: PaymentTimersOptions): Timer => {
  const heldMs = Math.max(0, Date.parse(to) - Date.parse(from));
  return timerOf("expiry", paymentId, { dueAt: after(to, -Math.min(expiryMarginMs, heldMs / 2)) });
};

type Checked = { readonly from: Instant; readonly checks: number };

const checkTimer = (paymentId: PaymentId, { from, checks }: Checked, { checkMs }: PaymentTimersOptions): Timer =>
  timerOf("check", paymentId, { dueAt: after(from, doubled(checkMs, checks)) });

const timerOf = (of: keyof typeof timerKinds, paymentId: PaymentId, { dueAt, ...more }: { dueAt: Date; attempt?: number }): Timer => ({
  id: `${timerKinds[of]}:${paymentId}`,
  kind: timerKinds[of],
  dueAt,
  streamId: paymentStreamId(paymentId),
  payload: { paymentId, ...more },
});

const after = (from: Instant, ms: number): Date => new Date(Date.parse(from) + ms);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Up to `mostMs`, however often. */
const doubled = (ms: number, times: number, mostMs = DAY_MS): number => Math.min(ms * 2 ** Math.min(times, 30), Math.max(ms, mostMs));
