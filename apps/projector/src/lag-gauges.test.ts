import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { heldClock } from "@cartwright/messaging/testing/held-clock";
import { silentLogger } from "@cartwright/service-kit/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { lagGauges } from "./lag-gauges.ts";
import type { Projection } from "./projection.ts";

/** A projection whose lag the test says, on one shard. */
const aProjection = () => {
  let lag = 0n;
  let isAway = false;
  const projection: Projection = {
    name: "cart-view",
    log: inMemoryEventLog({ name: "cart" }),
    consumer: {
      async lag() {
        if (isAway) throw new Error("the database is away");
        return [{ shard: 3, head: 10n + lag, mark: 10n, lag }];
      },
      status: () => ({ group: "g", log: "cart", running: true, shards: [] }),
    },
  };
  return {
    projection,
    set(value: bigint | "away") {
      isAway = value === "away";
      if (value !== "away") lag = value;
    },
  };
};

test("the gauges follow the lag, and a look that fails is told and not the last", async () => {
  const { projection, set } = aProjection();
  const metrics = processMetrics({ ofProcess: false });
  const clock = heldClock();
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_fields: object, message: string) => warnings.push(message) };
  await using _gauges = lagGauges({ projections: () => [projection], metrics, logger, clock, everyMs: 5_000 });
  const shows = (events: number) =>
    until(async () =>
      (await metrics.expose()).body.includes(`cartwright_projection_lag_events{projection="cart-view",shard="3"} ${events}\n`),
    );
  const pass = async () => {
    await until(() => clock.waiting() > 0);
    clock.advance(5_000);
  };
  await shows(0);
  set(7n);
  await pass();
  await shows(7);
  set("away");
  await pass();
  await until(() => warnings.length > 0);
  set(2n);
  await pass();
  await shows(2);
  expect(warnings).toHaveLength(1);
});

test("nothing is measured any more once they are given up", async () => {
  const clock = heldClock();
  const gauges = lagGauges({
    projections: () => [aProjection().projection],
    metrics: processMetrics({ ofProcess: false }),
    logger: silentLogger,
    clock,
  });
  await gauges[Symbol.asyncDispose]();
  expect(clock.waiting()).toBe(0);
});
