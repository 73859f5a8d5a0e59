import type { CartEvent } from "@cartwright/contracts/cart-events";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { approved, type Checkout, cancelled, failed, openBench, ordered, reaches, started, typesOf } from "./testing/billing-bench.ts";
import { skippingClock } from "./testing/skipping-clock.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** CHECKOUT_DEADLINE */
const deadlineMs = 15 * minuteMs;

test("an outage of ten minutes declines nobody and loses nothing: what was asked waits, and is done once, in time for its checkout", async () => {
  const clock = skippingClock();
  let isAway = false;
  let calls = 0;
  const wire = async (call: () => Promise<Response>) => {
    calls += 1;
    if (isAway) throw new TypeError("connection refused");
    return call();
  };
  await using bench = await openBench({ clock, wire, environment: { CAPTURE_ATTEMPTS: "1" } });
  bench.findCart();
  const several = () => Array.from({ length: 3 }, bench.checkout);
  const waiting = { inspect: several(), authorize: several(), capture: several(), void: several(), refund: several() };
  const { inspect, authorize, capture, void: given, refund } = waiting;
  const all = (checkouts: readonly Checkout[], type: Parameters<typeof reaches>[1], ...events: ((checkout: Checkout) => CartEvent)[]) =>
    Promise.all(
      checkouts.map(async (checkout) => {
        await checkout.happens(...events.map((event) => event(checkout)));
        await reaches(checkout, type);
      }),
    );
  const authorized = [...capture, ...given, ...refund];
  await all([...authorize, ...authorized], "PaymentMethodInspected", (checkout) => started(checkout));
  await all(authorized, "PaymentAuthorized", (checkout) => approved(checkout));
  await all(refund, "PaymentCaptured", ordered);

  isAway = true;
  const beganAt = clock.now().getTime();
  await Promise.all([
    all(inspect, "PaymentMethodPresented", (checkout) => started(checkout)),
    all(authorize, "PaymentRequested", (checkout) => approved(checkout)),
    all(capture, "PaymentCaptureRequested", ordered),
    all(given, "PaymentVoidRequested", failed),
    all(refund, "PaymentRefundRequested", cancelled),
  ]);
  await until(async () => (await bench.unsettled()) === 15, { what: "all to be asked for" });
  const before = calls;
  while (clock.now().getTime() - beganAt < 10 * minuteMs) {
    const asked = calls;
    clock.skip(minuteMs / 2);
    await until(() => calls > asked, { what: "another try" });
  }
  expect(calls - before).toBeLessThan(60);
  expect(await bench.unsettled()).toBe(15);

  isAway = false;
  clock.skip(minuteMs / 2);
  await all(inspect, "PaymentMethodInspected");
  await all([...inspect, ...authorize], "PaymentAuthorized", (checkout) => approved(checkout));
  await all([...inspect, ...authorize], "PaymentCaptured", ordered);
  await Promise.all([all(capture, "PaymentCaptured"), all(given, "PaymentVoided"), all(refund, "PaymentRefunded")]);
  expect(clock.now().getTime() - beganAt).toBeLessThan(deadlineMs);
  for (const checkout of Object.values(waiting).flat()) {
    const types = await typesOf(checkout);
    expect(types.filter((type) => type === "PaymentCaptureFailed" || type === "PaymentDeclined" || type === "PaymentFailed")).toEqual([]);
    expect(types.length).toBe(new Set(types).size);
  }
  const statuses = (await bench.intents()).map(({ status, amount_received }) => `${status} ${amount_received}`);
  expect(Object.groupBy(statuses, (each) => each)).toMatchObject({ "succeeded 2000": { length: 12 }, "canceled 0": { length: 3 } });
  expect(await bench.sql`select amount::int, status from billing.simulated_refund`).toHaveLength(3);
}, 60_000);

test("a payment that never got to the provider has failed once no key can be answered any more", async () => {
  const clock = skippingClock();
  await using bench = await openBench({ clock, environment: { PAYMENT_TIMEOUT: "300ms" } });
  bench.findCart();
  await bench.happens(started(bench, "pm_sim_never_answers"));
  await reaches(bench, "PaymentMethodInspected");
  await bench.happens(approved(bench, "pm_sim_never_answers"));
  await reaches(bench, "PaymentOutcomeUnknown");
  clock.skip(22 * 60 * minuteMs);
  await until(async () => (await bench.tries()) > 3, { what: "more tries" });
  expect(await typesOf(bench)).not.toContain("PaymentFailed");
  clock.skip(2 * 60 * minuteMs);
  await reaches(bench, "PaymentFailed");
  expect((await bench.events()).at(-1)).toMatchObject({ type: "PaymentFailed", data: { code: "never_reached_provider" } });
  // An intent is settled after its outcome is written down.
  await until(async () => (await bench.unsettled()) === 0, { what: "nothing to be left" });
  expect(await bench.intents()).toEqual([]);
}, 60_000);

test("whatever was given up while the provider was away holds no card and takes no money once it is back", async () => {
  const clock = skippingClock();
  let isAway = false;
  const wire = async (call: () => Promise<Response>) => {
    if (isAway) throw new TypeError("connection refused");
    return call();
  };
  await using bench = await openBench({ clock, wire });
  bench.findCart();
  const [checkout, order] = [bench.checkout(), bench.checkout()];
  for (const each of [checkout, order]) {
    await each.happens(started(each));
    await reaches(each, "PaymentMethodInspected");
  }
  await order.happens(approved(order));
  await reaches(order, "PaymentAuthorized");

  isAway = true;
  await checkout.happens(approved(checkout));
  await order.happens(ordered(order));
  await Promise.all([reaches(checkout, "PaymentOutcomeUnknown"), reaches(order, "PaymentOutcomeUnknown")]);
  await checkout.happens(failed(checkout));
  await order.happens(cancelled(order));
  await Promise.all([reaches(checkout, "PaymentWithdrawn"), reaches(order, "PaymentWithdrawn")]);
  clock.skip(deadlineMs);

  isAway = false;
  clock.skip(minuteMs / 2);
  await reaches(checkout, "PaymentFailed");
  await reaches(order, "PaymentVoided");
  expect(await typesOf(order)).not.toContain("PaymentCaptured");
  expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
}, 60_000);

test.each([
  ["given back where no order came of it", false, "PaymentVoided"],
  ["taken where an order waits for it", true, "PaymentCaptured"],
] as const)(
  "an authorization that is about to end is %s",
  async (_what, isOrdered, end) => {
    const clock = skippingClock();
    await using bench = await openBench({ clock, environment: { CAPTURE: "manual" } });
    bench.findCart();
    const [earlier, later] = [bench.checkout(), bench.checkout()];
    for (const checkout of [earlier, later]) {
      await checkout.happens(started(checkout));
      await reaches(checkout, "PaymentMethodInspected");
      await checkout.happens(approved(checkout));
      await reaches(checkout, "PaymentAuthorized");
      if (isOrdered) await checkout.happens(ordered(checkout));
      if (isOrdered) await reaches(checkout, "PaymentOrdered");
      clock.skip(dayMs);
    }
    // The later one is half a day away from the time at which the earlier one's turn has come.
    clock.skip(4.5 * dayMs + minuteMs);
    await reaches(earlier, end);
    expect(await typesOf(later)).not.toContain(end);
    const skippedAt = clock.now().getTime();
    clock.skip(dayMs);
    await reaches(later, end);
    const endedAt = (await later.events()).flatMap(({ type, data }) => {
      if (type === "PaymentVoided") return Date.parse(data.voidedAt);
      return type === "PaymentCaptured" ? Date.parse(data.capturedAt) : [];
    });
    expect(endedAt.map((at) => at >= skippedAt + dayMs)).toEqual([true]);
  },
  60_000,
);

test("a capture that is refused shortly before its authorization ends is tried again before that, and not a day later", async () => {
  const clock = skippingClock();
  await using bench = await openBench({ clock, environment: { CAPTURE: "manual", CAPTURE_RETRY_DELAY: "1d" } });
  bench.findCart();
  const token = "pm_sim_capture_refused_once";
  await bench.happens(started(bench, token));
  await reaches(bench, "PaymentMethodInspected");
  await bench.happens(approved(bench, token));
  await reaches(bench, "PaymentAuthorized");
  await bench.happens(ordered(bench));
  await reaches(bench, "PaymentOrdered");
  clock.skip(6.4 * dayMs);
  const operator = await bench.client("billing:write");
  await operator.payment.capture.mutate({ paymentId: bench.ids.paymentId });
  await reaches(bench, "PaymentCaptureFailed");
  clock.skip(0.2 * dayMs);
  await reaches(bench, "PaymentCaptured");
  expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 2_000 }]);
}, 60_000);
