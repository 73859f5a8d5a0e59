import { isRetryable } from "@cartwright/failures/is-retryable";
import { testDatabase } from "@cartwright/testkit/test-database";
import { troubledWay } from "@cartwright/testkit/troubled-way";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { serviceConnection, withoutTimeLimit } from "./service-connection.ts";

const open = async () => {
  const db = await testDatabase();
  await db.sql`create table kept (id integer primary key, n integer not null)`;
  await db.sql`insert into kept values (1, 0)`;
  // Whose role nobody has made: it is the login that uses the table.
  const service = await serviceConnection(db.sql, { connection: db.options, schema: "kept" });
  const kept = async () => (await db.sql<{ n: number }[]>`select n from kept`)[0]?.n;
  return { db, service, kept, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
};

const clientOf = (options: postgres.Options<Record<string, never>>) => {
  const sql = postgres({ max: 1, ...options });
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 0 }) };
};

/** Takes note of it at once, whoever waits for it later. */
const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  );

/** As the service sets them, only that a test waits for them. */
const shortened = ({ connection }: postgres.Options<Record<string, never>>): Record<string, number> =>
  Object.fromEntries(Object.keys(connection ?? {}).flatMap((name) => (name.endsWith("_timeout") ? [[name, 500]] : [])));

describe("a service's connection", () => {
  test("gives up a transaction in which nothing happens for ten seconds, and any that takes thirty", async () => {
    await using t = await open();
    await using client = clientOf(t.service);
    const [row] = await client.sql`
      select current_setting('idle_in_transaction_session_timeout') as idle, current_setting('transaction_timeout') as whole`;
    expect(row).toEqual({ idle: "10s", whole: "30s" });
  });

  test("does not keep its locks from others when its process is frozen between two statements of a transaction", async () => {
    await using t = await open();
    await using frozen = clientOf({ ...t.service, connection: shortened(t.service) });
    const [isLocked, thaw] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const failed = failure(
      frozen.sql.begin(async (tx) => {
        await tx`update kept set n = n + 1 where id = ${1}`;
        isLocked.resolve();
        await thaw.promise;
      }),
    );
    await isLocked.promise;
    await t.db.sql`update kept set n = n + 10 where id = 1`;
    thaw.resolve();
    expect(isRetryable(await failed)).toBe(true);
    expect(await t.kept()).toBe(10);
  });

  test("does not keep its locks from others when its process is frozen in the middle of a statement of a transaction", async () => {
    await using t = await open();
    // The driver asks the server what a statement's parameters are before it says them.
    await using way = await troubledWay(t.db.options, { when: /select n from kept/, what: "freeze" });
    const throughIt = { ...t.service, host: "127.0.0.1", port: way.port };
    await using frozen = clientOf({ ...throughIt, connection: shortened(t.service) });
    const failed = failure(
      frozen.sql.begin(async (tx) => {
        await tx`update kept set n = n + 1 where id = ${1}`;
        await tx`select n from kept where id = ${1}`;
      }),
    );
    await until(way.hadTrouble, { what: "the middle of the statement" });
    await t.db.sql`update kept set n = n + 10 where id = 1`;
    expect(isRetryable(await failed)).toBe(true);
    expect(await t.kept()).toBe(10);
  });

  test("keeps what one pool is asked for from waiting behind a statement that waits for a lock", async () => {
    await using t = await open();
    await using holder = clientOf(t.db.options);
    await using pool = clientOf({ ...t.service, max: 3 });
    const letGo = Promise.withResolvers<void>();
    const isLocked = Promise.withResolvers<void>();
    const held = holder.sql.begin(async (tx) => {
      await tx`select from kept for update`;
      isLocked.resolve();
      await letGo.promise;
    });
    await isLocked.promise;
    await Promise.all(Array.from({ length: 3 }, () => pool.sql`select pg_sleep(0.1)`));
    let hasWaited = false;
    const waiting = pool.sql`update kept set n = n + 1`.then(() => {
      hasWaited = true;
    });
    const asked = Array.from({ length: 20 }, (_, nth) => pool.sql`select ${nth}::integer as n`);
    const transactions = Array.from({ length: 20 }, () => pool.sql.begin((tx) => Promise.all([tx`select 1 as n`, tx`select 2 as n`])));
    expect((await Promise.all(asked)).map(([row]) => row?.n)).toEqual(Array.from({ length: 20 }, (_, nth) => nth));
    expect(await Promise.all(transactions)).toHaveLength(20);
    expect(hasWaited).toBe(false);
    letGo.resolve();
    await Promise.all([held, waiting]);
  });

  test("tells of a statement that cannot be said whoever asked for it, not whose statement is under way", async () => {
    await using t = await open();
    // As the two that append, which send the next one ahead.
    await using pool = clientOf({ ...t.service, max: 1, max_pipeline: 1 });
    await pool.sql`select 0`;
    const underWay = pool.sql`select pg_sleep(0.2), 1 as one`.execute();
    const unsayable = failure(pool.sql`select ${undefined as never} as nothing`.execute());
    const next = pool.sql`select 2 as two`.execute();
    expect(await unsayable).toMatchObject({ code: "UNDEFINED_VALUE" });
    expect([await underWay, await next]).toMatchObject([[{ one: 1 }], [{ two: 2 }]]);
  });

  test("is given up and made anew when the server owes it an answer and is silent for too long", async () => {
    await using t = await open();
    await using way = await troubledWay(t.db.options, { when: /insert into kept/, what: "freeze" });
    const throughIt = { ...t.db.options, host: "127.0.0.1", port: way.port, answer_timeout: 0.5 };
    await using pool = clientOf(await serviceConnection(t.db.sql, { connection: throughIt, schema: "kept" }));
    const failed = failure(pool.sql`insert into kept values (${2}, 0)`);
    expect(isRetryable(await failed)).toBe(true);
    expect(await pool.sql`select n from kept where id = 1`).toEqual([{ n: 0 }] as never);
    expect(way.hadTrouble()).toBe(true);
    // One that owes nothing may be silent for as long as it likes.
    const [before] = await pool.sql`select pg_backend_pid() as pid`;
    await t.db.sql`select pg_sleep(0.7)`;
    const [after] = await pool.sql`select pg_backend_pid() as pid`;
    expect(after?.pid).toBe(before?.pid);
  });

  test("lets what may take long do so, and only that", async () => {
    await using t = await open();
    const limited = { ...t.service, answer_timeout: 0.5, connection: shortened(t.service) };
    await using unlimited = clientOf(withoutTimeLimit(limited));
    await using client = clientOf(limited);
    const long = (sql: postgres.Sql) => sql`select pg_sleep(1)`;
    expect(await long(unlimited.sql)).toHaveLength(1);
    expect(isRetryable(await failure(long(client.sql)))).toBe(true);
  });
});
