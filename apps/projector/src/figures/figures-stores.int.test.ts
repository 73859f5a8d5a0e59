import { billingEvents } from "@cartwright/contracts/billing-events";
import type { LogFeed } from "@cartwright/messaging/log-feed";
import { lacks } from "@cartwright/testkit/lacks";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { type AnySink, feedOf, figuresBench } from "../testing/figures-bench.ts";
import { appendSelling } from "../testing/figures-logs.ts";
import { someSteps } from "../testing/redis-shop.ts";
import { countedByHand, newEventsOf, pathThat, sketchedPayment, sketchedSelling } from "../testing/selling.ts";

const natBelow = (limit: number) => Math.floor(Math.random() * limit);

/** A few days of a shop. */
const someSelling = ({ carts = 20, payments = 40 } = {}) =>
  sketchedSelling({
    carts: Array.from({ length: carts }, () => someSteps(60)),
    payments: Array.from({ length: payments }, (_, path) => ({
      ...{ path, amountMinor: 2 + natBelow(1_000_000), day: natBelow(4) },
      currency: natBelow(2) === 0 ? ("EUR" as const) : ("VND" as const),
    })),
    assessments: Array.from({ length: 15 }, (_, index) => ({
      decision: (["approved", "review", "blocked"] as const)[index % 3] ?? "approved",
      day: natBelow(4),
    })),
  });

class Away extends Error {
  override readonly name = "Away";
  readonly retryable = true;
}

/** Every flush is sent twice, and now and then its answer is lost. */
const twice: AnySink = (sink) => ({
  ...sink,
  async flush(of, steps) {
    if (natBelow(5) === 0) throw new Away();
    const outcomes = await sink.flush(of, steps);
    await sink.flush(of, steps);
    if (natBelow(5) === 0) throw new Away();
    return outcomes;
  },
});

const stores = [
  ["PostgreSQL", "postgres", {}],
  ["Redis over RESP", "redis", { over: "RESP" }],
  ["Redis over REST", "redis", { over: "REST" }],
] as const;

describe.each(stores)("the figures in %s", (_name, store, options) => {
  const isSkipped = store === "redis" && lacks("redis");

  test.skipIf(isSkipped)(
    "are those that one counts by hand, though every batch came twice and to several projectors, which came and went",
    async () => {
      await using under = await figuresBench(store, options);
      const [before, after] = [someSelling(), someSelling()];
      {
        await using _one = await under.count({ around: twice });
        await using _other = await under.count({ around: twice });
        await appendSelling(under.logs, before);
      }
      await using counting = await under.count({ around: twice });
      await appendSelling(under.logs, after);
      await counting.catchUp();
      const all = { carts: [...before.carts, ...after.carts], payments: [...before.payments, ...after.payments] };
      expect(await under.counts()).toEqual(countedByHand({ ...all, assessments: [...before.assessments, ...after.assessments] }));
      const parked = await under.sql`select count(*)::integer as count from projector.parked_stream`;
      expect(parked).toMatchObject([{ count: 0 }]);
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "have the events of a parked stream once, though whoever drained it ended before it could say so",
    async () => {
      await using under = await figuresBench(store, options);
      const payment = sketchedPayment({ path: pathThat("is paid"), amountMinor: 5_000, day: 1, currency: "EUR" });
      const selling = { carts: [], payments: [payment], assessments: [] };
      const [{ streamId, events } = { streamId: "", events: [] }] = newEventsOf(selling).billing;
      const broken = { eventId: crypto.randomUUID(), type: "PaymentCheckRequested", schemaVersion: 1, data: {}, metadata: {} };
      expect(billingEvents.knows(broken.type)).toBe(true);
      let ended = 0;
      await using counting = await under.count({
        storeOf: (redisStore) => ({
          ...redisStore,
          async writeDrained(...args) {
            const isThere = await redisStore.writeDrained(...args);
            ended += 1;
            if (ended === 1) throw new Away();
            return isThere;
          },
        }),
      });
      const withBroken = [...events.slice(0, 4), broken, ...events.slice(4)];
      await under.logs.billing.append({
        commands: [{ key: "k", fingerprint: "a test", eventCount: withBroken.length }],
        streams: [{ streamId, expect: "noStream", events: withBroken }],
      });
      await counting.catchUp();
      const stream = { group: under.groupOf("billing"), log: "billing", streamId };
      const { parking } = under;
      expect(await parking.list()).toMatchObject([{ ...stream, state: "parked", waiting: withBroken.length - 4 }]);
      await parking.discard(stream, { eventId: broken.eventId, reason: "a test", by: "ops" });
      await parking.retry(stream);
      await until(async () => (await parking.list()).length === 0);
      expect(await under.counts()).toEqual(countedByHand(selling));
      expect(ended).toBe(store === "redis" ? 1 : 0);
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "are told by day, and by how much they are behind, of a log that is found later too",
    async () => {
      await using under = await figuresBench(store, options);
      const found = Promise.withResolvers<LogFeed>();
      await using figures = under.start({ billing: found.promise });
      const sold = someSelling({ carts: 3, payments: 0 });
      const [paid, lost] = ["is paid", "was disputed, and is lost"].map((way) =>
        sketchedPayment({ path: pathThat(way), amountMinor: 5_000, day: 8, currency: "EUR" }),
      );
      if (!paid || !lost) throw new Error("two payments were sketched");
      await appendSelling(under.logs, { ...sold, payments: [paid, lost] });
      const week = { from: "2026-01-01", to: "2026-01-31" };
      const isCounted = async (log: "cart" | "billing") => (await figures.between(week)).behind[log] === 0;
      await until(() => isCounted("cart"));
      const before = await figures.between(week);
      expect(before.behind.billing).toBeNull();
      const titles = store === "redis" ? ["figures", "figures-tables"] : ["figures"];
      expect(figures.projections().map(({ name }) => name)).toEqual(titles.flatMap((title) => [`${title}.cart`, `${title}.fraud`]));
      expect(before.days.flatMap(({ currencies }) => currencies).reduce((sum, { carts }) => sum + carts, 0)).toBe(3);

      found.resolve(feedOf(under.logs.billing));
      await until(() => isCounted("billing"));
      const { days } = await figures.between({ from: "2026-01-09", to: "2026-01-12" });
      expect(days).toEqual([
        { day: "2026-01-09", currencies: [], ordersCancelled: {}, payments: { captured: 1, chargedBack: 1 }, assessments: {} },
        {
          day: "2026-01-11",
          currencies: [
            {
              ...{ currency: "EUR", carts: 0, orders: 0, orderValueMinor: 0 },
              ...{ capturedMinor: 10_000, refundedMinor: 0, disputedMinor: 5_000, revenueMinor: 5_000 },
            },
          ],
          ...{ ordersCancelled: {}, payments: {}, assessments: {} },
        },
      ]);
    },
    60_000,
  );
});
