import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import type { CartViewWriter } from "../cart-view-writer.ts";
import type { CartWritten } from "../cart-views.ts";
import { cartViewsConformance } from "../cart-views-conformance.ts";
import { shardProgress, shards } from "../testing/shard-progress.ts";
import { appendCart } from "../testing/shop-log.ts";
import { aCartId, aView, subject } from "../testing/views.ts";
import { cartViewMigrations } from "./cart-view-migrations.ts";
import { openPostgresCartViews } from "./open-postgres-cart-views.ts";
import { postgresCartViewWriter } from "./postgres-cart-view-writer.ts";
import { insertSubjectCarts } from "./postgres-subject-carts.ts";
import { projectionReadyMigrations } from "./projection-ready-migrations.ts";

const schema = "projector";

const group = "projector.cart-view";
const progress = shardProgress(schema);

const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...projectionReadyMigrations });
  await migrate(sql, { schema, ...cartViewMigrations });
  await progress.begin(sql, group);
};

const open = (rememberLines?: number) => async () => {
  await using opened = new AsyncDisposableStack();
  const database = opened.use(await testDatabase({ prepare }));
  const where = { connection: database.options, log: inMemoryEventLog({ name: "cart", shards }) };
  const views = opened.use(await openPostgresCartViews({ ...where, ...(rememberLines !== undefined && { rememberLines }) }));
  const elsewhere = opened.use(await openPostgresCartViews(where));
  const resources = opened.move();
  return {
    views,
    elsewhere,
    async flush(work: (writer: CartViewWriter) => Promise<void>, reached?: CartWritten) {
      await database.sql.begin(async (tx) => {
        await work(postgresCartViewWriter(tx, schema));
        if (reached) await progress.reach(tx, group, reached);
      });
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

cartViewsConformance("in PostgreSQL", open());
cartViewsConformance("in PostgreSQL, remembered by the process that writes", open(1_000));

test("tables that are still being filled answer nothing: lists come from the index and the log, or not at all", async () => {
  const halfFilled = async (sql: postgres.Sql) => {
    await migrate(sql, { schema, ...projectionReadyMigrations });
    await migrate(sql, { schema, ...cartViewMigrations });
    await progress.begin(sql, group, 9);
  };
  await using database = await testDatabase({ prepare: halfFilled });
  const { sql } = database;
  const log = inMemoryEventLog({ name: "cart", shards });
  await using views = await openPostgresCartViews({ connection: database.options, log, listWaitMs: 20 });
  const cartId = aCartId();
  await appendCart(log, { cartId, owner: subject });
  const view = aView({ cartId });
  await sql.begin((tx) => postgresCartViewWriter(tx, schema).apply([{ view, remainder: null }]));

  expect(await views.get(cartId)).toBeNull();
  await expect(views.listBySubject(subject, { limit: 5 })).rejects.toMatchObject({ name: "ListsNotReady", retryable: true });
  await progress.begin(sql, "projector.subject-carts.2");
  await sql.begin((tx) => insertSubjectCarts(tx, `${schema}.subject_cart`, [{ subject, cartId, openedAt: view.openedAt }]));
  expect((await views.listBySubject(subject, { limit: 5 })).views.map(({ cartId: listed }) => listed)).toEqual([cartId]);

  await sql`update projector.mark_shard set pos = 9 where consumer_group = ${group}`;
  expect(await views.get(cartId)).toEqual(view);
  expect(await views.listBySubject(subject, { limit: 5 })).toEqual({ views: [view], next: null });
});

test("tables that an older release has kept are whole, and go on being read without a rebuild", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await migrate(sql, { schema, component: cartViewMigrations.component, migrations: cartViewMigrations.migrations.slice(0, 3) });
  await progress.beginAsBefore(sql, group);
  const view = aView();
  await sql.begin((tx) => postgresCartViewWriter(tx, schema).apply([{ view, remainder: null }]));
  const log = inMemoryEventLog({ name: "cart", shards });
  await using views = await openPostgresCartViews({ connection: database.options, log, listWaitMs: 20 });
  expect(await views.get(view.cartId)).toEqual(view);
  expect(await views.listBySubject(subject, { limit: 5 })).toEqual({ views: [view], next: null });
});
