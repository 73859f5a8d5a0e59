import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { shardProgress, shards } from "../testing/shard-progress.ts";
import { aView, subject } from "../testing/views.ts";
import { cartViewMigrations } from "./cart-view-migrations.ts";
import { createCartViewTable, showCartViewTable } from "./cart-view-tables.ts";
import { postgresCartViewReader } from "./postgres-cart-view-reader.ts";
import { postgresCartViewWriter } from "./postgres-cart-view-writer.ts";
import { projectionReadyMigrations } from "./projection-ready-migrations.ts";

const schema = "projector";
const groupOf = (version: number) => `projector.cart-view.${version}`;

test("views of before there were lists of orders are shown, and folded again for their next event, in every version's table", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  const { component, migrations } = cartViewMigrations;
  await migrate(sql, { schema, component, migrations: migrations.slice(0, 2) });
  await sql.unsafe(`create table ${schema}.cart_view_2 (like ${schema}.cart_view including all);
    create or replace view ${schema}.shown_cart_view as
      select cart_id, subject, status, version, opened_at, updated_at, view from ${schema}.cart_view_2`);
  const view = aView({ status: "Ordered" });
  const { order: _order, coupons: _coupons, hasContact: _hasContact, ...old } = view;
  await sql`insert into ${sql(`${schema}.cart_view_2`)} (cart_id, subject, status, version, opened_at, updated_at, view, remainder)
    values (${view.cartId}, ${view.owner}, ${view.status}, ${view.version}, ${view.openedAt}, ${view.updatedAt}, ${JSON.stringify(old)}, '{}')`;

  await migrate(sql, { schema, ...projectionReadyMigrations });
  await migrate(sql, { schema, ...cartViewMigrations });
  for (const version of [2, 3]) await shardProgress(schema).begin(sql, groupOf(version));
  const reader = postgresCartViewReader({ sql, schema, shards });
  expect((await reader.getMany([view.cartId])).get(view.cartId)).toEqual(view);
  expect(await reader.list(subject, { limit: 5 })).toEqual({ views: [view], next: null });
  expect(await reader.list(subject, { limit: 5, by: "placedAt" })).toEqual({ views: [], next: null });
  await sql.begin(async (tx) => {
    expect((await postgresCartViewWriter(tx, schema, "cart_view_2").load([view.cartId])).size).toBe(0);
  });

  await createCartViewTable(sql, schema, 3);
  await showCartViewTable(sql, schema, { version: 3, group: groupOf(3) });
  expect(await reader.list(subject, { limit: 5 })).toEqual({ views: [], next: null });
});
