import { connect, createServer, type Socket } from "node:net";
import { testDatabase } from "@cartwright/testkit/test-database";
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

/** Hands a connection on until its client says something like this, and breaks it then; once. */
const breakingAt = async (pattern: RegExp, { host, port }: { host: string; port: number }) => {
  let isBroken = false;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    server.pipe(client);
    client.on("data", (said) => {
      if (isBroken || !pattern.test(said.toString("latin1"))) return void server.write(said);
      isBroken = true;
      client.resetAndDestroy();
      server.destroy();
    });
    client.on("close", () => server.destroy());
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const address = proxy.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    isBroken: () => isBroken,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => proxy.close(closed));
    },
  };
};

describe("a connection that is lost while it is being made", () => {
  promise("ends no process: the query is told, or answered by the next one", async () => {
    await using t = await open();
    const { options } = t.db;
    const [host, port] = [String(options.host ?? "localhost"), Number(options.port ?? 5432)];
    // What the driver asks for itself, before the first query.
    await using proxy = await breakingAt(/typarray/, { host, port });
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const sql = postgres({ ...options, host: "127.0.0.1", port: proxy.port, max: 1 });
    try {
      const [row] = await sql<{ one: number }[]>`select 1 as one`.catch(() => sql<{ one: number }[]>`select 1 as one`);
      expect([proxy.isBroken(), row?.one]).toEqual([true, 1]);
      expect(await sql`select array[1, 2] as list`).toEqual([{ list: [1, 2] }] as never);
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
      await sql.end({ timeout: 1 });
    }
  });
});
