import { lacks } from "@cartwright/testkit/lacks";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { fedVersions } from "../projection-versions.ts";
import { figuresBench } from "../testing/figures-bench.ts";
import { appendSelling } from "../testing/figures-logs.ts";
import { schema } from "../testing/redis-bench.ts";
import { someSteps } from "../testing/redis-shop.ts";
import { countedByHand, sketchedSelling } from "../testing/selling.ts";
import { dropOtherVersions, type RebuildableProjection, rebuildProjection, showVersionBefore } from "./rebuild-projection.ts";

const someSelling = () =>
  sketchedSelling({
    carts: Array.from({ length: 10 }, () => someSteps(40)),
    payments: Array.from({ length: 42 }, (_, path) => ({ path, amountMinor: 1_000 + path, day: path % 3, currency: "EUR" })),
    assessments: [{ decision: "approved", day: 1 }],
  });

describe.each(["postgres", "redis"] as const)("a rebuild of the figures in %s", (store) => {
  const isSkipped = store === "redis" && lacks("redis");

  test.skipIf(isSkipped)(
    "puts right what was spoilt, while selling goes on; the spoilt version is the way back until it is dropped",
    async () => {
      await using under = await figuresBench(store);
      await using figures = under.start();
      const { sql, redis, versions: projection } = under;
      const selling = someSelling();
      await appendSelling(under.logs, selling);
      const days = { from: "2026-01-01", to: "2026-01-31" };
      const cartsShown = async () => {
        const shown = await figures.between(days);
        return shown.days.flatMap(({ currencies }) => currencies).reduce((sum, { carts }) => sum + carts, 0);
      };
      await until(async () => Object.values((await figures.between(days)).behind).every((events) => events === 0));
      await (redis
        ? redis.hincrby(`${under.prefix}figures:1:counts:2026-01-31`, "carts EUR", 1_000)
        : sql`update projector.figure set amount = amount + 1000 where day = '2026-01-31' and name = 'carts'`);
      const wrong = await cartsShown();
      expect(wrong).toBeGreaterThan(1_000);
      expect((await projection.compare(1)).differences).toEqual([
        { of: "2026-01-31 carts EUR", reason: `it is shown as ${wrong}, and the logs say ${wrong - 1_000}` },
      ]);

      const place = { sql, schema, projection };
      const more = someSelling();
      const [rebuilt] = await Promise.all([rebuildProjection(place), appendSelling(under.logs, more)]);
      expect(rebuilt).toMatchObject({ outcome: "shown", version: 2, before: 1, comparison: { differences: [] } });
      expect(await showVersionBefore(place)).toEqual({ outcome: "shown", version: 1 });
      expect(await cartsShown()).toBeGreaterThan(1_000);
      expect(await rebuildProjection(place)).toMatchObject({ outcome: "shown", version: 2 });
      await until(async () => Object.values((await figures.between(days)).behind).every((events) => events === 0));
      const all = { carts: [...selling.carts, ...more.carts], payments: [...selling.payments, ...more.payments] };
      expect(await under.counts(2)).toEqual(countedByHand({ ...all, assessments: [...selling.assessments, ...more.assessments] }));
      expect(await dropOtherVersions({ ...place, settleMs: 300 })).toEqual([1]);
      expect((await under.counts(1)).size).toBe(0);
      expect((await projection.positions(1, "billing")).size).toBe(0);
    },
    60_000,
  );

  test.skipIf(isSkipped)(
    "that is not what the logs say is refused and listed, and the version before stays",
    async () => {
      await using under = await figuresBench(store);
      await using _figures = under.start();
      const { sql, redis, versions: projection } = under;
      await appendSelling(under.logs, someSelling());
      const spoiling: RebuildableProjection = {
        ...projection,
        async compare(...args) {
          await (redis
            ? redis.hincrby(`${under.prefix}figures:2:counts:2026-01-02`, "assessments approved", -1)
            : sql`update projector.figure set amount = 0 where version = 2 and name = 'assessments'`);
          return projection.compare(...args);
        },
      };
      expect(await rebuildProjection({ sql, schema, projection: spoiling })).toMatchObject({
        ...{ outcome: "refused", version: 2 },
        comparison: { differences: [{ of: "2026-01-02 assessments approved", reason: "it is shown as 0, and the logs say 1" }] },
      });
      expect(await fedVersions(sql, schema, projection)).toEqual({ versions: [1, 2], shown: 1, refused: [2], dropped: [] });
    },
    60_000,
  );
});
