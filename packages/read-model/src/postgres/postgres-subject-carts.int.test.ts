import { SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { expect, test } from "vitest";
import type { CartListPlace } from "../cart-views.ts";
import { aCartId, subject } from "../testing/views.ts";
import { insertSubjectCarts, postgresSubjectCarts } from "./postgres-subject-carts.ts";
import { subjectCartMigrations } from "./subject-cart-migrations.ts";

const schema = "projector";
const prepare = (sql: postgres.Sql) => migrate(sql, { schema, ...subjectCartMigrations });

test("a subject's carts are found again, the newest first, each once", async () => {
  await using database = await testDatabase({ prepare });
  const { sql } = database;
  const carts = Array.from({ length: 25 }, (_, index) => ({
    subject,
    cartId: aCartId(),
    openedAt: instantOf(new Date(Date.UTC(2026, 0, 31, 9, Math.floor(index / 4), 0, 123))),
  }));
  const foreign = { subject: SubjectId.parse("user-1234"), cartId: aCartId(), openedAt: instantOf(new Date()) };
  for (let time = 0; time < 2; time++) await sql.begin((tx) => insertSubjectCarts(tx, schema, [...carts, foreign]));
  const index = postgresSubjectCarts(sql, schema);
  const found: CartListPlace[] = [];
  for (;;) {
    const after = found.at(-1);
    const page = await index.page(subject, { limit: 7, ...(after && { after }) });
    if (page.length === 0) break;
    found.push(...page);
  }
  const newestFirst = carts.toSorted((left, right) => (left.openedAt + left.cartId > right.openedAt + right.cartId ? -1 : 1));
  expect(found).toEqual(newestFirst.map(({ cartId, openedAt }) => ({ cartId, at: openedAt })));
});
