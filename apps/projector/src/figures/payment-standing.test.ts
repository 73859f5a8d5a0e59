import { expect, test } from "vitest";
import { paymentPaths, sketchedPayment } from "../testing/selling.ts";
import { billingEventCounts } from "./event-counts.ts";
import { type PaymentStanding, paymentStateOf, standingAfter } from "./payment-standing.ts";

const statesOf = (path: number) => {
  const { events, states } = sketchedPayment({ path, amountMinor: 999, day: 3, currency: "EUR" });
  let standing: PaymentStanding | null = null;
  const told = events.map((event) => {
    standing = standingAfter(standing, event, "2030-01-01");
    return { state: paymentStateOf(standing), day: standing.day };
  });
  return { told, states };
};

test.each(Object.keys(paymentPaths).map((way, path) => [way, path] as const))("a payment that %s stands so at each step", (_way, path) => {
  const { told, states } = statesOf(path);
  expect(told.map(({ state }) => state)).toEqual([...states]);
  expect(new Set(told.map(({ day }) => day))).toEqual(new Set(["2026-01-04"]));
});

test("a payment whose beginning was given up is counted on the day of the first event that is there", () => {
  const [, ...later] = sketchedPayment({ path: 0, amountMinor: 999, day: 3, currency: "EUR" }).events;
  const standing = later.reduce<PaymentStanding | null>((before, event) => standingAfter(before, event, "2026-01-31"), null);
  expect(standing).toEqual({ day: "2026-01-31", status: "captured", capturedMinor: 999, unknown: [], disputes: [] });
});

test("every event that a payment may have is on some way", () => {
  const types = new Set<string>(Object.values(paymentPaths).flatMap((steps) => steps.map(([type]) => type)));
  expect(types).toEqual(new Set(Object.keys(billingEventCounts)));
});
