import { appendSelling } from "@cartwright/projector/testing/figures-logs";
import { someSteps } from "@cartwright/projector/testing/redis-shop";
import { sketchedSelling } from "@cartwright/projector/testing/selling";
import { respOf } from "@cartwright/read-model/testing/resp-of";
import { lacks } from "@cartwright/testkit/lacks";
import { startRedis } from "@cartwright/testkit/redis";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { projectedLogs } from "./testing/projected-logs.ts";
import { connectionOf, runOps } from "./testing/run-ops.ts";

const someSelling = () =>
  sketchedSelling({
    carts: Array.from({ length: 10 }, () => someSteps(20)),
    payments: Array.from({ length: 20 }, (_, path) => ({ path, amountMinor: 1_000 + path, day: path % 3, currency: "EUR" })),
    assessments: [{ decision: "approved", day: 1 }],
  });

test.skipIf(lacks("own redis"))(
  "what Redis and the figures have of a future that was lost in a restore is said, and put right while the services run",
  async () => {
    await using db = await testDatabase();
    await using server = await startRedis();
    await using under = await projectedLogs(db, { REDIS_CONNECTION_STRING: respOf(server.url) });
    const environment = { POSTGRES_CONNECTION_STRING: connectionOf(db), REDIS_CONNECTION_STRING: server.url };
    const checked = (name: string) => runOps(["rebuild", name, "check"], environment);
    const asTheLogHasIt = { code: 0, stdout: expect.stringContaining("each as the log has it") };
    await appendSelling(under.logs, someSelling());
    {
      await using _projector = await under.project();
      for (const name of ["cart-view", "figures"]) expect(await checked(name)).toMatchObject(asTheLogHasIt);
      expect((await runOps(["recover"], environment)).stdout).toBe("0 marks stand beyond their log\n");
    }

    await loseTheFuture(db.sql, server.url);
    expect((await runOps(["restored"], environment)).stdout).toContain("in a new epoch: billing, cart, fraud. ");
    await using _projector = await under.project();
    const lines = (rest: string) =>
      ["projector.figures.cart", "projector.cart-view.redis", "projector.figures.redis.cart"].map((group) =>
        expect.stringMatching(new RegExp(`^${group} on cart, shard 3: the log ends at \\d+, before the mark at 9999; ${rest}$`)),
      );
    const total = "3 marks stand beyond their log";
    const recover = async (...args: string[]) => (await runOps(["recover", ...args], environment)).stdout.trimEnd().split("\n");
    expect(await recover()).toEqual([...lines("would go back from 9999 to 0"), total]);
    expect(await recover("--apply")).toEqual([...lines("moved back from 9999 to 0"), total]);
    expect(await recover()).toEqual(["0 marks stand beyond their log"]);
    for (const name of ["cart-view", "figures"]) expect(await checked(name)).toMatchObject(asTheLogHasIt);
    expect((await checked("figures")).stdout).toMatch(
      /^version 2 of the figures in Redis .*\nversion 2 of the figures in PostgreSQL .*\n$/,
    );
    const versions = await db.sql`select version from projector.projection_version where projection = 'figures'`;
    expect(versions).toMatchObject([{ version: 2 }, { version: 2 }]);
  },
  120_000,
);

/** Marks and counts as they are when the log was put back to before the last events that they are of. */
const loseTheFuture = async (sql: postgres.Sql, redisUrl: string): Promise<void> => {
  const redis = new Bun.RedisClient(redisUrl);
  for (const key of ["cartwright:cart-view:1:mark:3", "cartwright:figures:1:mark:cart:3"]) {
    const [epoch, , , readyAt] = (await redis.get(key))?.split(" ") ?? [];
    await redis.set(key, `${epoch} 9999 ${crypto.randomUUID()} ${readyAt}`);
  }
  await redis.send("HINCRBY", ["cartwright:figures:1:counts:2026-01-09", "carts EUR", "7"]);
  redis.close();
  await sql`
    update projector.mark set position = 9999, event_id = gen_random_uuid() where consumer_group = 'projector.figures.cart' and shard = 3`;
  await sql`insert into projector.figure (version, day, name, key, amount) values (1, '2027-01-31', 'carts', 'EUR', 7)`;
};
