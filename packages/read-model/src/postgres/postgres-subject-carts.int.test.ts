import { SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import type { CartListPlace } from "../cart-views.ts";
import { shardProgress, shards } from "../testing/shard-progress.ts";
import { aCartId, subject } from "../testing/views.ts";
import { insertSubjectCarts, placeSubjectCarts, postgresSubjectCarts } from "./postgres-subject-carts.ts";
import { projectionReadyMigrations } from "./projection-ready-migrations.ts";
import { subjectCartMigrations } from "./subject-cart-migrations.ts";

const schema = "projector";
const group = "projector.subject-carts.2";
const table = `${schema}.subject_cart`;
const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...projectionReadyMigrations });
  await migrate(sql, { schema, ...subjectCartMigrations });
};

test("a subject's carts are found again, the newest first, each once", async () => {
  await using database = await testDatabase({ prepare });
  const { sql } = database;
  const carts = Array.from({ length: 25 }, (_, index) => ({
    subject,
    cartId: aCartId(),
    openedAt: instantOf(new Date(Date.UTC(2026, 0, 31, 9, Math.floor(index / 4), 0, 123))),
  }));
  const foreign = { subject: SubjectId.parse("user-1234"), cartId: aCartId(), openedAt: instantOf(new Date()) };
  for (let time = 0; time < 2; time++) await sql.begin((tx) => insertSubjectCarts(tx, table, [...carts, foreign]));
  const index = postgresSubjectCarts({ sql, schema, shards });
  expect(await index.page(subject, { limit: 7 })).toBeNull();
  const progress = shardProgress(schema);
  await progress.begin(sql, group);
  const found: CartListPlace[] = [];
  for (;;) {
    const after = found.at(-1);
    const page = await index.page(subject, { limit: 7, ...(after && { after }) });
    if (!page?.length) break;
    found.push(...page);
  }
  const newestFirst = carts.toSorted((left, right) => (left.openedAt + left.cartId > right.openedAt + right.cartId ? -1 : 1));
  expect(found).toEqual(newestFirst.map(({ cartId, openedAt }) => ({ cartId, at: openedAt })));

  const ordered = newestFirst.slice(3, 6).toReversed();
  const placing = ordered.map(({ cartId }, index) => ({ cartId, placedAt: instantOf(new Date(Date.UTC(2026, 1, 1, 9, index))) }));
  for (let time = 0; time < 2; time++) await sql.begin((tx) => placeSubjectCarts(tx, table, placing));
  const byPlacement = placing.map(({ cartId, placedAt }) => ({ cartId, at: placedAt })).toReversed();
  const [first] = byPlacement;
  expect(await index.page(subject, { by: "placedAt", limit: 7 })).toEqual(byPlacement);
  expect(await index.page(subject, { by: "placedAt", limit: 7, ...(first && { after: first }) })).toEqual(byPlacement.slice(1));
});

test("an index that is being filled says so, shard by shard, and does not answer with what it has; nor one that is not as far as it is asked to be", async () => {
  await using database = await testDatabase({ prepare });
  const { sql } = database;
  const progress = shardProgress(schema);
  await progress.begin(sql, group, 2);
  const index = postgresSubjectCarts({ sql, schema, shards });
  await sql.begin((tx) => insertSubjectCarts(tx, table, [{ subject, cartId: aCartId(), openedAt: instantOf(new Date()) }]));
  expect(await index.page(subject, { limit: 7 })).toBeNull();
  await sql`update projector.mark_shard set pos = 2 where shard > 0`;
  expect(await index.page(subject, { limit: 7 })).toBeNull();
  await sql`update projector.mark_shard set pos = 2 where shard = 0`;
  expect(await index.page(subject, { limit: 7 })).toHaveLength(1);

  const reached = (epoch: string, ofLast: bigint) => ({
    epoch,
    positions: Array.from({ length: shards }, (_, shard) => (shard === shards - 1 ? ofLast : 2n)),
  });
  expect(await index.page(subject, { limit: 7, reached: reached("e", 2n) })).toHaveLength(1);
  expect(await index.page(subject, { limit: 7, reached: reached("e", 3n) })).toBeNull();
  expect(await index.page(subject, { limit: 7, reached: reached("another", 2n) })).toBeNull();
});
