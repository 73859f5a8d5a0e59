import type { BillingEvent } from "@cartwright/contracts/billing-events";
import { instantOf } from "@cartwright/contracts/instant";
import { describe, expect, test } from "vitest";
import { amount, captured, captureRequested, held, ids, now, orderId, voided, voidRequested } from "./payment-spec.ts";
import { timerChangeOf } from "./timer-change.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const options = { schema: "billing", expiryMarginMs: 12 * hourMs, captureRetryMs: minuteMs, refundRetryMs: 10 * minuteMs, checkMs: hourMs };

const [expiry, capture] = [`payment-expiry:${ids.paymentId}`, `payment-capture:${ids.paymentId}`];
const at = (ms: number) => instantOf(new Date(Date.parse(now) + ms));
const authorizedFor = (ms: number): BillingEvent => ({
  type: "PaymentAuthorized",
  data: { ...held, authorizedAt: now, captureBefore: at(ms) },
});
const refused = (attempt: number, isFinal = false): BillingEvent => ({
  type: "PaymentCaptureFailed",
  data: { ...ids, orderId, amount, code: "provider_error", attempt, isFinal, failedAt: now },
});

/** Milliseconds from now to when the timer is due that the event sets. */
const dueIn = (event: BillingEvent, more: Partial<typeof options> = {}) => {
  const { due } = timerChangeOf(event, { ...options, ...more }) ?? {};
  return due && due.dueAt.getTime() - Date.parse(now);
};
const cancelled = (event: BillingEvent) => timerChangeOf(event, options)?.cancels;

describe("what is held is used or given back", () => {
  test("so long before the provider lets it go, and not before half of the time has passed", () => {
    expect(dueIn(authorizedFor(7 * dayMs))).toBe(6.5 * dayMs);
    expect(dueIn(authorizedFor(dayMs))).toBe(12 * hourMs);
    expect(dueIn(authorizedFor(6 * hourMs))).toBe(3 * hourMs);
    // It was heard of late: nothing is left to wait for.
    expect(dueIn(authorizedFor(-hourMs))).toBe(-hourMs);
  });

  test("by the provider's last word, in the middle of what is left of a short time", () => {
    const dated = (ms: number): BillingEvent => ({
      type: "PaymentAuthorizationDated",
      data: { ...ids, captureBefore: at(ms), datedAt: now },
    });
    expect(timerChangeOf(dated(2 * dayMs), options)).toMatchObject({ cancels: [], due: { id: expiry } });
    expect([dueIn(dated(2 * dayMs)), dueIn(dated(6 * hourMs))]).toEqual([1.5 * dayMs, 3 * hourMs]);
  });

  test("at that time also where it was refused before, unless nothing is held any more or it is given up", () => {
    for (const event of [captureRequested, refused(1)]) expect(cancelled(event)).not.toContain(expiry);
    for (const event of [captured, voidRequested, voided, refused(5, true)]) expect(cancelled(event)).toEqual([expiry, capture]);
  });
});

describe("a capture that was refused is tried again", () => {
  test("after twice as long each time, up to an hour, however often it was", () => {
    expect([1, 2, 3, 6, 7, 14, 2_000].map((attempt) => (dueIn(refused(attempt)) ?? 0) / minuteMs)).toEqual([1, 2, 4, 32, 60, 60, 60]);
    expect(dueIn(refused(2_000), { captureRetryMs: 0 })).toBe(0);
    expect(dueIn(refused(14), { captureRetryMs: dayMs })).toBe(dayMs);
  });

  test("by one timer, which the next attempt ends", () => {
    expect(timerChangeOf(refused(2), options)).toMatchObject({ due: { id: capture, payload: { attempt: 3 } } });
    expect(cancelled(captureRequested)).toEqual([capture]);
  });
});
