import { type AddressInfo, createServer } from "node:net";
import { testDatabase } from "@cartwright/testkit/test-database";
import { connectTo, troubledWay } from "@cartwright/testkit/troubled-way";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { describe, expect, test } from "vitest";

const promise = (name: string, run: () => Promise<void>) => test(name, run, 30_000);

const open = async () => {
  const db = await testDatabase();
  await db.sql`create table effect (id integer)`;
  const sql = postgres({ ...db.options, max: 1 });
  return {
    db,
    sql,
    effects: async () => (await db.sql<{ id: number }[]>`select id from effect order by id`).map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await db[Symbol.asyncDispose]();
    },
  };
};

/** Which of the driver's promises the sinks are built on: see `patches/README.md`. */
describe("a transaction whose connection is lost", () => {
  promise("runs nothing any more, also when its connection has a successor by then", async () => {
    await using t = await open();
    let late: unknown;
    const { promise: lateDone, resolve: done } = Promise.withResolvers<void>();
    const transaction = t.sql.begin(async (tx) => {
      const [backend] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await tx`insert into effect values (1)`;
      const waitsForTheConnection = t.sql`select 1`.execute();
      await t.db.sql`select pg_terminate_backend(${backend?.pid ?? 0})`;
      await waitsForTheConnection;
      late = await tx`insert into effect values (2)`.catch((error) => error);
      done();
    });
    await expect(transaction).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await lateDone;
    expect(late).toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(await t.effects()).toEqual([]);
  });

  promise("is rejected in the middle of a statement, and the next one finds a connection without a trace of it", async () => {
    await using t = await open();
    for (let round = 0; round < 5; round++) {
      const killed = t.sql.begin((tx) => tx`select n, pg_terminate_backend(pg_backend_pid()) from generate_series(1, 3) n`);
      await expect(killed).rejects.toThrow();
      // The last words of the old connection may still be this query's, but never the rows of another.
      const rows = await t.sql<{ n: number }[]>`select n from generate_series(1, 3) n`.catch(
        () => t.sql<{ n: number }[]>`select n from generate_series(1, 3) n`,
      );
      expect([...rows].map((row) => row?.n)).toEqual([1, 2, 3]);
    }
  });
});

describe("a connection that is lost while it is being made", () => {
  promise("ends no process: the query is told, or answered by the next one", async () => {
    await using t = await open();
    const { options } = t.db;
    // What the driver asks for itself, before the first query.
    await using way = await troubledWay(options, { when: /typarray/, what: "break" });
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const sql = postgres({ ...options, host: "127.0.0.1", port: way.port, max: 1 });
    try {
      const [row] = await sql<{ one: number }[]>`select 1 as one`.catch(() => sql<{ one: number }[]>`select 1 as one`);
      expect([way.hadTrouble(), row?.one]).toEqual([true, 1]);
      expect(await sql`select array[1, 2] as list`).toEqual([{ list: [1, 2] }] as never);
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
      await sql.end({ timeout: 1 });
    }
  });
});

describe("a server that takes connections and closes them at once", () => {
  promise("is tried later and later, and answers once it does not any more", async () => {
    await using t = await open();
    let closed = 0;
    const server = createServer((client) => {
      if (closed++ < 3) return client.end();
      const way = connectTo(t.db.options);
      client.pipe(way).pipe(client);
      for (const socket of [client, way]) socket.on("error", () => {});
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const attempts: number[] = [];
    const backoff = (attempt: number) => {
      attempts.push(attempt);
      return 0.001;
    };
    const sql = postgres({ ...t.db.options, host: "127.0.0.1", port: (server.address() as AddressInfo).port, max: 1, backoff });
    try {
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }] as never);
      expect(attempts).toEqual([1, 2, 3]);
    } finally {
      await sql.end({ timeout: 1 });
      server.close();
    }
  });
});

describe("the end of a client", () => {
  promise("comes although the connection is reset in the middle of a statement", async () => {
    await using t = await open();
    await using way = await troubledWay(t.db.options, { when: /begin/, what: "break" });
    const sql = postgres({ ...t.db.options, host: "127.0.0.1", port: way.port, max: 1 });
    // Asked for when the driver has heard of the reset and not yet of the socket's end.
    const ended = sql.begin((tx) => tx`insert into effect values (1)`).finally(() => sql.end());
    await expect(ended).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  promise("waits for what was asked for before, on the successor of a connection that is reset", async () => {
    await using t = await open();
    await using way = await troubledWay(t.db.options, { when: /insert into effect/, what: "break" });
    const sql = postgres({ ...t.db.options, host: "127.0.0.1", port: way.port, max: 1, max_pipeline: 0 });
    await sql`select 1`;
    const broken = sql`insert into effect values (1)`.execute();
    const waiting = sql`select application_name, 2 as two from pg_stat_activity where pid = pg_backend_pid()`.execute();
    await broken.catch(() => sql.end());
    expect((await waiting)[0]).toMatchObject({ two: 2 });
    const left = () =>
      t.db.sql`select from pg_stat_activity where datname = current_database() and query like '%2 as two%' and pid <> pg_backend_pid()`;
    await until(async () => (await left()).length === 0, { what: "the end of the successor" });
  });
});
