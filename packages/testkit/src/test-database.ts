import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import postgres, { type Options, type Sql } from "postgres";
import { testServerUrl } from "./config.ts";

export type TestDatabase = AsyncDisposable & {
  /** For any number of clients of one's own: `postgres(db.options)`. */
  readonly options: Options<Record<string, never>>;
  /** A client of the database, ended with it. */
  readonly sql: Sql;
};

export type TestDatabaseOptions = {
  /** Run once for each function and process, on a database that all that ask for it are then copied from. */
  readonly prepare?: Prepare;
};

export type Prepare = (sql: Sql) => Promise<unknown>;

/**
 * A database of its own for one test, dropped with all that is connected to it when disposed. It lies on
 * `TEST_POSTGRES_URL` where that is set, else on an embedded PostgreSQL that this process starts once and that ends with it.
 */
export const testDatabase = async ({ prepare }: TestDatabaseOptions = {}): Promise<TestDatabase> => {
  const server = await testServer();
  const name = await server.create(prepare && (await template(server, prepare)));
  const options = { ...server.options, database: name };
  const sql = postgres(options);
  return {
    options,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await server.drop(name);
    },
  };
};

type TestServer = {
  readonly options: Options<Record<string, never>>;
  create(template?: string): Promise<string>;
  drop(name: string): Promise<void>;
};

let started: Promise<TestServer> | undefined;

const testServer = (): Promise<TestServer> => {
  started ??= startServer();
  return started;
};

const startServer = async (): Promise<TestServer> => {
  const options = await serverOptions();
  const admin = postgres(options);
  let count = 0;
  return {
    options,
    async create(template = "template0") {
      count += 1;
      const name = `test_${process.pid}_${Date.now().toString(36)}_${count}`;
      await admin`create database ${admin(name)} template ${admin(template)}`;
      return name;
    },
    async drop(name) {
      await admin`drop database if exists ${admin(name)} with (force)`;
    },
  };
};

const serverOptions = async (): Promise<Options<Record<string, never>>> => {
  const quiet = { onnotice: () => {}, max: 4 };
  const url = testServerUrl();
  if (url) return { ...quiet, ...urlOptions(url) };
  const dataDir = mkdtempSync(join(tmpdir(), "cartwright-test-"));
  const { connection } = await startEmbeddedPostgres({ dataDir, logger: SILENT, temporary: true });
  return { ...quiet, ...connection };
};

const templates = new Map<Prepare, Promise<string>>();

const template = (server: TestServer, prepare: Prepare): Promise<string> => {
  const existing = templates.get(prepare);
  if (existing) return existing;
  const made = makeTemplate(server, prepare);
  templates.set(prepare, made);
  return made;
};

const makeTemplate = async (server: TestServer, prepare: Prepare): Promise<string> => {
  const name = await server.create();
  const sql = postgres({ ...server.options, database: name });
  await prepare(sql);
  await sql.end();
  return name;
};

/** postgres.js prefers a URL's database to the option, and would not let us choose it. */
const urlOptions = (text: string) => {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1) || "postgres",
    ssl: url.searchParams.get("sslmode") === "require" ? ("require" as const) : false,
  };
};

const silent = () => {};
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };
