import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { Money } from "@cartwright/contracts/money";
import { commandHandler } from "@cartwright/event-log/command-handler";
import { systemClock } from "@cartwright/messaging/clock";
import { logFeed } from "@cartwright/messaging/log-feed";
import { openService } from "@cartwright/messaging/postgres/open-service";
import { silentLogger } from "@cartwright/service-kit/logger";
import { noMetrics } from "@cartwright/service-kit/metrics";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { testDatabase } from "@cartwright/testkit/test-database";
import fc from "fast-check";
import { expect, test } from "vitest";
import { paymentModel } from "../payments/payment-model.ts";
import { billingMigrations } from "../postgres/billing-migrations.ts";
import { currencies, history, simulated, stepsOf } from "../testing/payment-histories.ts";
import type { PaymentTotals } from "./books.ts";
import { booksProjection } from "./books-projection.ts";
import { postgresBooks } from "./postgres-books.ts";

const dayMs = 86_400_000;

/** Billing without its workers: each step asks the provider and writes down what it answers, at the time of the clock. */
const openBooks = async () => {
  await using opened = new AsyncDisposableStack();
  const db = opened.use(await testDatabase());
  const schema = "billing";
  const { log, tailer, sql } = opened.use(
    await openService({ connection: db.options, schema, migrations: [billingMigrations], maxConnections: 4 }),
  );
  const handler = commandHandler({ log, model: paymentModel });
  const stored = { sql, schema, logger: silentLogger, metrics: noMetrics };
  const projection = opened.use(booksProjection({ ...stored, feed: logFeed({ log, tailer, shared: false }), handler }));
  await projection.start();
  const held = opened.move();
  const books = postgresBooks({ sql, schema, log, clock: systemClock });
  return { log, handler, projection, books, [Symbol.asyncDispose]: () => held.disposeAsync() };
};

/** What the events say, counted without the books. */
const foldOf = (events: readonly BillingEvent[]): readonly PaymentTotals[] => {
  const totals = new Map<string, PaymentTotals>();
  const add = (at: string, { amountMinor, currency }: Money, change: (minor: number) => Partial<PaymentTotals>) => {
    const day = at.slice(0, 10);
    const none = { day, currency, capturedMinor: 0, captures: 0, refundedMinor: 0, refunds: 0, disputedMinor: 0, disputesWonMinor: 0 };
    const before = totals.get(`${day} ${currency}`) ?? none;
    const sums = Object.entries(change(amountMinor)).map(([name, by]) => [name, Number(before[name as keyof PaymentTotals]) + Number(by)]);
    totals.set(`${day} ${currency}`, { ...before, ...Object.fromEntries(sums) });
  };
  for (const { type, data } of events) {
    if (type === "PaymentCaptured") add(data.capturedAt, data.amount, (minor) => ({ capturedMinor: minor, captures: 1 }));
    if (type === "PaymentRefunded") add(data.refundedAt, data.amount, (minor) => ({ refundedMinor: minor, refunds: 1 }));
    if (type === "PaymentRefundFailed" && data.returned.amountMinor > 0)
      add(data.failedAt, data.returned, (minor) => ({ refundedMinor: -minor }));
    if (type === "PaymentDisputed" && data.stage === "chargeback") add(data.disputedAt, data.amount, (minor) => ({ disputedMinor: minor }));
    if (type === "PaymentDisputeClosed") {
      const won = data.outcome === "won";
      add(data.closedAt, data.amount, (minor) => ({ disputesWonMinor: won ? minor : 0 }));
    }
  }
  return [...totals.values()].sort((left, right) => (`${left.day}${left.currency}` < `${right.day}${right.currency}` ? -1 : 1));
};

test("over many payments, currencies and days the totals equal the events, and in sum the provider's ledger", async () => {
  await using opened = await openBooks();
  const { log, handler, projection, books } = opened;
  const clock = fakeClock();
  const world = { handler, now: clock.now, ...simulated(clock.now) };
  const histories = fc.sample(history, { numRuns: 36, seed: 42 });
  const planned = histories.flatMap((each) => stepsOf(world, each).map((run, index) => ({ day: each.begins + index, run })));
  for (let day = 0; planned.some((step) => step.day >= day); day++) {
    // Payments do not wait for each other.
    await Promise.all(planned.map((step) => (step.day === day ? step.run() : undefined)));
    clock.advance(dayMs);
  }
  await projection.catchUp();

  const cursors = Array.from({ length: log.shards }, (_, shard) => ({ shard, after: 0n }));
  const events = (await log.read(cursors, 10_000)).map((event) => billingEvents.decode(event));
  const totals = await books.totals({ from: "2000-01-01", to: "2100-01-01" });
  expect(totals).toEqual(foldOf(events));
  expect([new Set(totals.map(({ currency }) => currency)).size, new Set(totals.map(({ day }) => day)).size >= 5]).toEqual([3, true]);
  for (const what of ["capturedMinor", "refundedMinor", "disputedMinor", "disputesWonMinor"] as const)
    expect([what, totals.some((each) => each[what] > 0)]).toEqual([what, true]);
  expect(await books.totals({ from: "0001-01-01", to: "9999-12-31" })).toEqual(totals);
  const [first] = totals;
  if (first) expect(await books.totals({ from: first.day, to: first.day })).toEqual(totals.filter(({ day }) => day === first.day));

  const { ledger } = world;
  const sum = (amounts: readonly number[]) => amounts.reduce((all, each) => all + each, 0);
  for (const currency of currencies) {
    const is = (each: { readonly currency: string }) => each.currency.toUpperCase() === currency;
    const ours = totals.filter(is);
    expect({
      currency,
      captured: sum(ours.map(({ capturedMinor }) => capturedMinor)),
      refunded: sum(ours.map(({ refundedMinor }) => refundedMinor)),
      disputed: sum(ours.map(({ disputedMinor }) => disputedMinor)),
      won: sum(ours.map(({ disputesWonMinor }) => disputesWonMinor)),
    }).toEqual({
      currency,
      captured: sum(
        ledger
          .intents()
          .filter(is)
          .map(({ amountReceived }) => amountReceived),
      ),
      refunded: sum((await ledger.refunds(null)).filter((each) => is(each) && each.status === "succeeded").map(({ amount }) => amount)),
      disputed: sum((await ledger.disputes(null)).filter(is).map(({ amount }) => amount)),
      won: sum((await ledger.disputes(null)).filter((each) => is(each) && each.status === "won").map(({ amount }) => amount)),
    });
  }
}, 60_000);
