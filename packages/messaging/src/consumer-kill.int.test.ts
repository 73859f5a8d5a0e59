import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { appendEvents } from "./testing/events.ts";
import { serviceDatabase } from "./testing/service-database.ts";

const schema = "projector";

test("processes that are killed in the middle of batches, again and again, lose no effect and have none twice", async () => {
  await using database = await serviceDatabase(schema, testDatabase);
  const { db } = database;
  await using log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  const { onnotice: _, ...plain } = db.options;
  const program = [process.execPath, `${import.meta.dirname}/testing/counting-process.ts`, JSON.stringify(plain), schema];
  const start = async () => {
    const started = spawnTracked(program, { cwd: import.meta.dirname });
    await started.line(/counting/);
    return started;
  };

  const seen = async () =>
    (await db.sql<{ count: number }[]>`select count(*)::integer as count from ${db.sql(schema)}.effect`)[0]?.count ?? 0;
  const ending = new AbortController();
  let appended = 0;
  const appending = (async () => {
    while (!ending.signal.aborted) {
      await Promise.all(Array.from({ length: 40 }, (_each, index) => appendEvents(log, { streamId: `cart-${index}`, count: 5 })));
      appended += 200;
      await until(async () => ending.signal.aborted || appended - (await seen()) < 1_000, { timeoutMs: 60_000 });
    }
  })();
  using _end = { [Symbol.dispose]: () => ending.abort() };
  for (let round = 0; round < 3; round++) {
    await using _one = await start();
    await using _other = await start();
    const before = await seen();
    await until(async () => (await seen()) > before + 100, { timeoutMs: 20_000 });
  }
  ending.abort();
  await appending;
  await using _survivor = await start();
  await until(async () => (await seen()) >= appended, { timeoutMs: 30_000 });

  const wrong = await db.sql`
    select stream_id, count(*) as effects, count(distinct version) as versions, max(version) as last, bool_and(version = nth) as in_order
    from (select stream_id, version, row_number() over (partition by stream_id order by n) as nth from ${db.sql(schema)}.effect) e
    group by stream_id having count(*) <> max(version) or count(distinct version) <> max(version) or not bool_and(version = nth)`;
  expect([...wrong]).toEqual([]);
  expect(await seen()).toBe(appended);
}, 120_000);
