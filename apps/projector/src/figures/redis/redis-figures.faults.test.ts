import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
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
