import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { figuresBench } from "../../testing/figures-bench.ts";
import { appendSelling } from "../../testing/figures-logs.ts";
import { someSteps } from "../../testing/redis-shop.ts";
import { countedByHand, sketchedSelling } from "../../testing/selling.ts";

const someSelling = () =>
  sketchedSelling({
    carts: Array.from({ length: 20 }, () => someSteps(40)),
    payments: Array.from({ length: 42 }, (_, path) => ({ path, amountMinor: 1_000 + path, day: path % 3, currency: "EUR" })),
    assessments: [],
  });

const both = (one: ReturnType<typeof someSelling>, other: ReturnType<typeof someSelling>) => ({
  carts: [...one.carts, ...other.carts],
  payments: [...one.payments, ...other.payments],
  assessments: [],
});

test.skipIf(lacks("own redis"))(
  "figures are told from the tables while Redis is away, and until it has all of them again",
  async () => {
    await using server = await startRedis();
    await using under = await figuresBench("redis", { url: server.url });
    await using figures = under.start();
    const days = { from: "2026-01-01", to: "2026-12-31" };
    const nothing = { cart: 0, billing: 0, fraud: 0 };
    const whole = () =>
      until(
        async () => {
          const told = await figures.between(days);
          return Bun.deepEquals(told.behind, nothing) && told.days;
        },
        { timeoutMs: 30_000, what: "figures of all events" },
      );
    await whole();
    await appendSelling(under.logs, someSelling());
    const before = await whole();
    expect(before).not.toEqual([]);

    await server.kill();
    expect(await whole()).toEqual(before);
    await appendSelling(under.logs, someSelling());
    const away = await whole();
    expect(away).not.toEqual(before);

    await server.start();
    // With nothing in it: what it does not have is never told as none.
    const told: Awaited<ReturnType<typeof whole>>[] = [];
    const inRedis = figures.projections().filter(({ name }) => name.startsWith("figures."));
    expect(inRedis).toHaveLength(3);
    await until(
      async () => {
        told.push((await figures.between(days)).days);
        return (await Promise.all(inRedis.map(({ consumer }) => consumer.lag()))).flat().every(({ lag }) => lag === 0n);
      },
      { timeoutMs: 60_000, what: "all of them in Redis" },
    );
    for (const answer of [...told, await whole()]) expect(answer).toEqual(away);
  },
  120_000,
);

describe.skipIf(lacks("own redis"))("figures in Redis are exact at rest", () => {
  test("after Redis lost all that it had, under load and while nothing happened", async () => {
    await using server = await startRedis();
    await using under = await figuresBench("redis", { url: server.url });
    await using counting = await under.count();
    const [before, after] = [someSelling(), someSelling()];
    await appendSelling(under.logs, before);
    const appending = appendSelling(under.logs, after);
    await server.wipe();
    await appending;
    await counting.catchUp();
    await server.wipe();
    await counting.atRest();
    expect(await under.counts()).toEqual(countedByHand(both(before, after)));
  }, 120_000);

  test("after it lost what it had written since its last snapshot", async () => {
    await using server = await startRedis({ persistence: "snapshot" });
    await using under = await figuresBench("redis", { url: server.url });
    await using counting = await under.count();
    const [before, after] = [someSelling(), someSelling()];
    await appendSelling(under.logs, before);
    await counting.catchUp();
    await under.redis?.exec(["SAVE"]);
    await appendSelling(under.logs, after);
    await counting.catchUp();
    await server.kill();
    await server.start();
    await counting.atRest();
    expect(await under.counts()).toEqual(countedByHand(both(before, after)));
  }, 120_000);
});
