import { testDatabase } from "@cartwright/testkit/test-database";
import { troubledWay } from "@cartwright/testkit/troubled-way";
import { expect, test } from "vitest";
import { asOwner } from "./as-owner.ts";

test("what the owner does is answered, and its connection ends with it", async () => {
  await using db = await testDatabase();
  const [row] = await asOwner(db.options, (owner) => owner<{ pid: number }[]>`select pg_backend_pid() as pid`);
  expect(await db.sql`select from pg_stat_activity where pid = ${row?.pid ?? 0}`).toHaveLength(0);
});

test("a reset in the middle of what the owner does is its failure, and not waited for", async () => {
  await using db = await testDatabase();
  await using way = await troubledWay(db.options, { when: /begin/, what: "break" });
  const work = asOwner({ ...db.options, host: "127.0.0.1", port: way.port }, (owner) => owner.begin((tx) => tx`select 1`));
  await expect(work).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a server that says nothing any more is not waited for once the owner has given up", async () => {
  await using db = await testDatabase();
  const work = asOwner(db.options, async (owner) => {
    owner`select pg_sleep(60)`.catch(() => {});
    throw new Error("given up");
  });
  await expect(work).rejects.toThrow("given up");
}, 20_000);
