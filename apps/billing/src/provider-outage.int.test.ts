import { expect, test } from "vitest";
import { approved, openBench, ordered, reaches, started, typesOf } from "./testing/billing-bench.ts";
import { skippingClock } from "./testing/skipping-clock.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

test("an outage of ten minutes declines nobody: what was asked waits, and is then paid once", async () => {
  const clock = skippingClock();
  let isAway = false;
  let calls = 0;
  const wire = async (call: () => Promise<Response>) => {
    calls += 1;
    if (isAway) throw new TypeError("connection refused");
    return call();
  };
  await using bench = await openBench({ clock, wire });
  bench.findCart();
  await bench.happens(started(bench));
  await reaches(bench, "PaymentMethodInspected");
  isAway = true;
  await bench.happens(approved(bench));
  await reaches(bench, "PaymentOutcomeUnknown");
  const before = calls;
  for (let minute = 0; minute < 10; minute++) {
    clock.skip(minuteMs);
    await new Promise((done) => setTimeout(done, 100));
  }
  expect(await typesOf(bench)).not.toContain("PaymentDeclined");
  expect(calls - before).toBeLessThan(40);
  isAway = false;
  clock.skip(5 * minuteMs);
  await reaches(bench, "PaymentAuthorized");
  await bench.happens(ordered(bench));
  await reaches(bench, "PaymentCaptured");
  expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount_received: 2_000 }]);
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
    await bench.happens(started(bench));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench));
    await reaches(bench, "PaymentAuthorized");
    if (isOrdered) await bench.happens(ordered(bench));
    if (isOrdered) await reaches(bench, "PaymentOrdered");
    clock.skip(6 * dayMs);
    await new Promise((done) => setTimeout(done, 300));
    expect(await typesOf(bench)).not.toContain(end);
    clock.skip(dayMs / 2 + minuteMs);
    await reaches(bench, end);
  },
  60_000,
);
