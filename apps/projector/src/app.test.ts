import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { noMetrics } from "@cartwright/service-kit/metrics";
import { nothingParked } from "@cartwright/service-kit/parked-procedures";
import { routerAccess } from "@cartwright/service-kit/router-access";
import { callers } from "@cartwright/service-kit/testing/callers";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { expect, test } from "vitest";
import { projectorApp } from "./app.ts";
import { type ProjectorRouter, projectorRouter } from "./router.ts";

const quietDay = { currencies: [], ordersCancelled: {}, payments: {}, assessments: {} };

const bench = async () => {
  const { verifier, linkOptions } = await callers();
  const app = projectorApp({
    projections: () => [
      {
        name: "cart-view",
        log: inMemoryEventLog({ name: "cart" }),
        consumer: {
          lag: async () => [{ shard: 0, head: 5n, mark: 5n, lag: 0n }],
          status: () => ({ group: "g", log: "cart", running: true, shards: [] }),
        },
      },
    ],
    verifier,
    health: processHealth(),
    logger: silentLogger,
    metrics: noMetrics,
    services: {
      parking: nothingParked,
      figures: { between: async ({ from }) => ({ days: [{ ...quietDay, day: from }], behind: { cart: 0, billing: 0, fraud: null } }) },
    },
    now: () => new Date(0),
  });
  return {
    app,
    clientWith: async (scopes?: readonly string[]) =>
      createTRPCClient<ProjectorRouter>({ links: [httpBatchLink(await linkOptions(app, scopes))] }),
  };
};

test("every procedure says who may call it, and none is for everybody", () => {
  const access = routerAccess(projectorRouter);
  expect(Object.fromEntries(access)).toEqual({
    "projector.figures": { scope: "ops:read" },
    "projector.lag": { scope: "ops:read" },
    "parked.list": { scope: "ops:read" },
    "parked.inspect": { scope: "ops:read" },
    "parked.retry": { scope: "ops:write" },
    "parked.discard": { scope: "ops:write" },
  });
});

test("the lag is told to who may read operations, and to nobody else", async () => {
  const { clientWith } = await bench();
  const operator = await clientWith(["ops:read"]);
  const shards = [{ shard: 0, head: 5n, mark: 5n, events: 0, seconds: 0 }];
  expect(await operator.projector.lag.query()).toEqual({
    projections: [{ projection: "cart-view", log: "cart", events: 0, seconds: 0, shards }],
  });
  const shopper = await clientWith([]);
  await expect(shopper.projector.lag.query()).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
  const nobody = await clientWith();
  await expect(nobody.projector.lag.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
});

test("figures are told to who may read operations, of at most 400 days", async () => {
  const { clientWith } = await bench();
  const operator = await clientWith(["ops:read"]);
  const days = { from: "2026-01-31", to: "2026-02-01" };
  expect(await operator.projector.figures.query(days)).toEqual({
    days: [{ ...quietDay, day: "2026-01-31" }],
    behind: { cart: 0, billing: 0, fraud: null },
  });
  for (const wrong of [
    { from: days.to, to: days.from },
    { from: "2024-12-01", to: days.to },
    { from: "2026-01-32", to: days.to },
    { from: "0000-01-01", to: "0000-01-02" },
  ])
    await expect(operator.projector.figures.query(wrong)).rejects.toMatchObject({ data: { code: "BAD_REQUEST" } });
  await expect((await clientWith([])).projector.figures.query(days)).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
});

test("health is for everybody", async () => {
  const { app } = await bench();
  expect((await app.request("/health/live")).status).toBe(200);
  expect((await app.request("/health/ready")).status).toBe(200);
});
