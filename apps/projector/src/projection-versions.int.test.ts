import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { addVersion, dropVersion, fedVersions, showVersion } from "./projection-versions.ts";
import { dropOtherVersions, type RebuildableProjection } from "./rebuild/rebuild-projection.ts";
import { prepare, schema } from "./testing/redis-bench.ts";

const of = { projection: "figures", store: "postgres" } as const;

test("a version that somebody has dropped meanwhile is not shown, and the one that is stays", async () => {
  await using db = await testDatabase({ prepare });
  const { sql } = db;
  await fedVersions(sql, schema, of);
  await addVersion(sql, schema, { ...of, version: 2 });
  await dropVersion(sql, schema, { ...of, version: 2 });
  for (const version of [2, 3]) expect(await sql.begin((tx) => showVersion(tx, schema, { ...of, version }))).toBe(false);
  expect(await fedVersions(sql, schema, of)).toEqual({ versions: [1], shown: 1, refused: [], dropped: [2] });
});

test("a version that somebody has shown meanwhile is not dropped, and nothing of it is removed", async () => {
  await using db = await testDatabase({ prepare });
  const { sql } = db;
  await fedVersions(sql, schema, of);
  await addVersion(sql, schema, { ...of, version: 2 });
  const removed: number[] = [];
  const projection = { ...of, remove: async (version: number) => void removed.push(version) } as unknown as RebuildableProjection;
  const [locked, dropping] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const showing = sql.begin(async (tx) => {
    expect(await showVersion(tx, schema, { ...of, version: 2 })).toBe(true);
    locked.resolve();
    await dropping.promise;
  });
  await locked.promise;
  // It finds version 1 shown, and waits for the other one.
  const dropped = dropOtherVersions({ sql, schema, projection, settleMs: 0 });
  const waiting = () => sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await until(async () => (await waiting()).length > 0);
  dropping.resolve();
  await showing;
  expect(await dropped).toEqual([]);
  expect(removed).toEqual([]);
  expect(await fedVersions(sql, schema, of)).toMatchObject({ versions: [1, 2], shown: 2 });
});
