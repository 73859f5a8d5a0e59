import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silentLogger as logger } from "../logger.ts";
import { clearEmbeddedPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { readProcess } from "./process-table.ts";

/** Holds every home of these tests, and all accounts may pass through it. */
let folder: string;
/** One that has been started before, under a name with all that a path may hold. */
let dataDir: string;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cartwright-embedded-")));
  chmodSync(folder, 0o755);
  dataDir = join(folder, `it's a "home", with spaces`);
  await using server = await startEmbeddedPostgres({ dataDir, logger });
  await ask(server, (sql) => sql`create table notes as select 'of the first start' as note`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

const ask = async <Answer>(
  { connection }: Pick<EmbeddedPostgres, "connection">,
  question: (sql: Sql) => Promise<Answer>,
): Promise<Answer> => {
  const sql = postgres({ ...connection, max: 1, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const notes = (server: Pick<EmbeddedPostgres, "connection">) =>
  ask(server, (sql) => sql`select note from notes`.then((rows) => rows.map(({ note }) => note)));
const pidFile = (home: string) => join(home, "data/postmaster.pid");
const postmaster = (home: string) => Number.parseInt(readFileSync(pidFile(home), "utf8"), 10);

/** Another process that starts a server, says when it is up, and holds it until it is killed. */
const holder = (options: { dataDir: string; temporary?: boolean }) => {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, "embedded-postgres.ts"))});
    const { silentLogger } = await import(${JSON.stringify(join(import.meta.dirname, "../logger.ts"))});
    globalThis.server = await startEmbeddedPostgres({ ...${JSON.stringify(options)}, logger: silentLogger });
    console.log("up");
    setInterval(() => {}, 1_000);`;
  return spawnTracked([process.execPath, "-e", script], { cwd: folder });
};

describe("an embedded PostgreSQL", () => {
  test("finds its data again, and never trades their durability", async () => {
    await using server = await startEmbeddedPostgres({ dataDir, logger });
    expect(await notes(server)).toEqual(["of the first start"]);
    const settings = await ask(
      server,
      (sql) =>
        sql`select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      full_page_writes: "on",
      synchronous_commit: "on",
      listen_addresses: "",
    });
  }, 30_000);

  test("asks for its password, which only its account can read", async () => {
    await using server = await startEmbeddedPostgres({ dataDir, logger });
    const guess = { connection: { ...server.connection, password: "guess" } };
    await expect(ask(guess, (sql) => sql`select 1`)).rejects.toThrow("password authentication failed");
    expect(statSync(join(dataDir, "password")).mode & 0o777).toBe(0o600);
  }, 30_000);

  test("is refused to a second one in the same folder, and so is clearing it", async () => {
    await using server = await startEmbeddedPostgres({ dataDir, logger });
    await expect(startEmbeddedPostgres({ dataDir, logger })).rejects.toThrow(`is in use by process ${process.pid}`);
    await expect(clearEmbeddedPostgres({ dataDir, logger })).rejects.toThrow("is in use");
    expect(await notes(server)).toEqual(["of the first start"]);
  }, 30_000);

  test("says that it was asked to end, and frees its folder", async () => {
    const server = await startEmbeddedPostgres({ dataDir, logger });
    await Promise.all([server.stop(), server.stop()]);
    expect(await server.exited).toBeUndefined();
    expect(existsSync(pidFile(dataDir))).toBe(false);
  }, 30_000);

  test.each(["SIGKILL", "SIGTERM", "SIGQUIT"] as const)(
    "that ends by a %s of somebody else says why",
    async (signal) => {
      await using server = await startEmbeddedPostgres({ dataDir, logger });
      // A client that stays keeps PostgreSQL from ending politely.
      await using _client = await connected(server);
      process.kill(postmaster(dataDir), signal);
      expect(await server.exited).toMatchObject({ name: "PostgresError", message: expect.stringContaining("PostgreSQL ended") });
    },
    30_000,
  );

  test.skipIf(process.getuid?.() !== 0)(
    "runs as nobody for a root that has no other account",
    async () => {
      const home = join(folder, "nobody");
      await using server = await startEmbeddedPostgres({ dataDir: home, logger, chooseAccount: () => ({ uid: 65_534, gid: 65_534 }) });
      expect(await ask(server, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
      expect(statSync(pidFile(home)).uid).toBe(65_534);
    },
    60_000,
  );

  test("listens on a port of the loopback where one is asked for, and there asks for the password", async () => {
    const tcpPort = await freePort();
    await using server = await startEmbeddedPostgres({ dataDir, logger, tcpPort });
    expect(await notes(server)).toEqual(["of the first start"]);
    const onPort = { ...server.connection, host: "127.0.0.1" };
    expect(await notes({ connection: onPort })).toEqual(["of the first start"]);
    await expect(notes({ connection: { ...onPort, password: "a guess" } })).rejects.toThrow("password authentication failed");
  });

  test("has its socket in /tmp while it runs, where the path is too long for one", async () => {
    const deep = join(folder, "d".repeat(60), "e".repeat(60));
    const server = await startEmbeddedPostgres({ dataDir: deep, logger });
    const { host } = server.connection;
    expect(host).toMatch(/^\/tmp\/cartwright-/);
    expect(await ask(server, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await server.stop();
    expect(existsSync(host)).toBe(false);
  }, 60_000);
});

describe("what a kill left behind", () => {
  test("a pid file that names a living process of somebody else does not hinder a start, nor is that process touched", async () => {
    const { uid, gid } = statSync(join(dataDir, "data"));
    await using bystander = spawnTracked(["sleep", "60"], { cwd: join(dataDir, "data"), uid, gid });
    writeFileSync(pidFile(dataDir), `${bystander.pid}\n${dataDir}/data\n1\n5432\n${dataDir}/run\n\n0 0\nready\n`);
    await using server = await startEmbeddedPostgres({ dataDir, logger });
    expect(await notes(server)).toEqual(["of the first start"]);
    expect(readProcess(bystander.pid)).toBeDefined();
  }, 30_000);

  test("a half-made cluster is thrown away", async () => {
    const home = join(folder, "half-made");
    {
      await using _server = await startEmbeddedPostgres({ dataDir: home, logger });
    }
    const unfinished = join(home, "data.new-earlier");
    renameSync(join(home, "data"), unfinished);
    rmSync(join(unfinished, "PG_VERSION"));
    await using server = await startEmbeddedPostgres({ dataDir: home, logger });
    expect(await ask(server, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(existsSync(unfinished)).toBe(false);
  }, 60_000);

  test("nothing of a temporary one that was stopped, wherever its data had to lie", async () => {
    const checkout = mkdtempSync(join(tmpdir(), "cartwright-private-"));
    const home = join(checkout, "postgres");
    const server = await startEmbeddedPostgres({ dataDir: home, logger, temporary: true });
    const real = realpathSync(home);
    await server.stop();
    expect([existsSync(real), existsSync(home)]).toEqual([false, false]);
    rmSync(checkout, { recursive: true });
  }, 60_000);

  test("nothing of a temporary one that was killed", async () => {
    const home = mkdtempSync(join(tmpdir(), "cartwright-temporary-"));
    await using killed = holder({ dataDir: home, temporary: true });
    await killed.line(/up/);
    const server = postmaster(home);
    process.kill(killed.pid, "SIGKILL");
    await until(() => !existsSync(home) && !readProcess(server));
  }, 60_000);
});

describe("data that this PostgreSQL cannot use", () => {
  test("made by another version is refused in one line", async () => {
    const version = join(dataDir, "data/PG_VERSION");
    writeFileSync(version, "17\n");
    await expect(startEmbeddedPostgres({ dataDir, logger })).rejects.toThrow(/made by PostgreSQL 17, this is 18.*--reset/);
    writeFileSync(version, "18\n");
  });

  test("that is broken is refused with PostgreSQL's own words", async () => {
    const control = join(dataDir, "data/global/pg_control");
    renameSync(control, `${control}.away`);
    await expect(startEmbeddedPostgres({ dataDir, logger })).rejects.toThrow(/PostgreSQL ended.*global\/pg_control/);
    renameSync(`${control}.away`, control);
  }, 30_000);

  test("is gone after clearing, and the next start is a first one", async () => {
    await clearEmbeddedPostgres({ dataDir, logger });
    await using server = await startEmbeddedPostgres({ dataDir, logger });
    expect(await ask(server, (sql) => sql`select to_regclass('notes') as table`)).toEqual([{ table: null }]);
  }, 60_000);
});

const connected = async (server: EmbeddedPostgres): Promise<AsyncDisposable> => {
  const sql = postgres({ ...server.connection, max: 1, onnotice: () => {} });
  await sql`select 1`;
  return { [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
};
