import { heldClock } from "@cartwright/messaging/testing/held-clock";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { processMetrics } from "@cartwright/service-kit/node/metrics";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import type { Books } from "./books.ts";
import { conditionGauges, conditionsCheck } from "./condition-gauges.ts";

const counting = () => {
  let counts: Awaited<ReturnType<Books["conditions"]>> | null = { unknown: 0, disputed: 0, refundFailed: 0, discrepant: 0 };
  const conditions = async () => {
    if (!counts) throw new Error("the database is away");
    return counts;
  };
  const set = (next: Partial<NonNullable<typeof counts>> | "away") => {
    counts = next === "away" ? null : { unknown: 0, disputed: 0, refundFailed: 0, discrepant: 0, ...next };
  };
  return { books: { conditions }, set };
};

test("payments that wait for somebody are counted again and again, also after a look that failed, until that is given up", async () => {
  const { books, set } = counting();
  const metrics = processMetrics({ ofProcess: false });
  const clock = heldClock();
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (_fields: object, message: string) => warnings.push(message) };
  const gauges = conditionGauges({ books, metrics, logger, clock, everyMs: 5_000 });
  const shows = (count: number) =>
    until(async () => (await metrics.expose()).body.includes(`cartwright_payments_in_condition{condition="refundFailed"} ${count}\n`));
  const pass = async () => {
    await until(() => clock.waiting() > 0);
    clock.advance(5_000);
  };
  await shows(0);
  set("away");
  await pass();
  await until(() => warnings.length === 1);
  set({ refundFailed: 2 });
  await pass();
  await shows(2);
  await gauges[Symbol.asyncDispose]();
  expect(clock.waiting()).toBe(0);
});

test("operators are told which payments wait for somebody, by a service that is as ready as ever", async () => {
  const { books, set } = counting();
  const health = processHealth({ keepMs: 0 });
  health.register("payments", conditionsCheck(books));
  expect((await health.report()).checks.payments).not.toHaveProperty("detail");
  set({ refundFailed: 2, discrepant: 1 });
  expect(await health.report()).toMatchObject({ ready: true, checks: { payments: { ok: true, detail: "2 refundFailed, 1 discrepant" } } });
});
