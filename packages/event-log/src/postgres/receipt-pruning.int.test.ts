import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { asOwner } from "./as-owner.ts";
import { eventLogMigrations } from "./event-log-migrations.ts";
import { migrate } from "./migrate.ts";
import { type ReceiptPruningOptions, receiptPruning } from "./receipt-pruning.ts";

const schema = "pruned";
const dayMs = 86_400_000;

/** A log with receipts, half of them of yesterday and half of last month, and how many of them each transaction forgets. */
const receipts = async (count: number) => {
  const db = await testDatabase();
  const { sql } = db;
  await asOwner(db.options, (owner) => migrate(owner, { schema, ...eventLogMigrations }));
  await sql`
    insert into pruned.receipt (shard, key, fingerprint, stream_id, version, position, answered_at)
    select n % 16, sha256(n::text::bytea), 'f', 's', 1, n, now() - case when n % 2 = 0 then interval '1 day' else interval '30 days' end
    from generate_series(1, ${count}) n`;
  await sql.unsafe(`
    create table portion (nth serial, count integer);
    create function note_portion() returns trigger language plpgsql as $$
      begin insert into portion (count) select count(*) from gone; return null; end $$;
    create trigger note_portion after delete on pruned.receipt referencing old table as gone for each statement execute function note_portion();`);
  const pruning = (options: Partial<ReceiptPruningOptions>) => {
    const failures: unknown[] = [];
    const running = receiptPruning({ sql, schema, keepMs: 7 * dayMs, portion: 10, onError: (error) => failures.push(error), ...options });
    return { ...running, failures, [Symbol.dispose]: () => running.stop() };
  };
  return {
    pruning,
    left: async () => (await sql`select from pruned.receipt`).length,
    portions: async () => (await sql<{ count: number }[]>`select count from portion order by nth`).map(({ count: each }) => each),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
};

test("old receipts are forgotten in portions, and only they", async () => {
  await using t = await receipts(50);
  using pruning = t.pruning({});
  expect(await pruning.prune(new Date(Date.now() - 7 * dayMs))).toBe(25);
  expect(await t.portions()).toEqual([10, 10, 5]);
  expect(await t.left()).toBe(25);
});

test("they are forgotten soon after the start, and again", async () => {
  await using t = await receipts(50);
  using pruning = t.pruning({ firstMs: 1, everyMs: 1 });
  await until(async () => (await t.portions()).length >= 5);
  expect((await t.portions()).slice(0, 4)).toEqual([10, 10, 5, 0]);
  expect([await t.left(), pruning.failures]).toEqual([25, []]);
});

test("a stop ends it after the portion that is under way", async () => {
  await using t = await receipts(50);
  using pruning = t.pruning({ portion: 1 });
  const pruned = pruning.prune(new Date(Date.now() - 7 * dayMs));
  pruning.stop();
  expect([await pruned, await t.portions()]).toEqual([1, [1]]);
});
