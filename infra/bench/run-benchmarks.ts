import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import postgres, { type Sql } from "postgres";
import type { Benchmark } from "./benchmark.ts";
import { measureHttp } from "./http-load.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { measure } from "./measure.ts";
import type { MeasuredTime } from "./measurement.ts";
import type { BenchResult } from "./report.ts";

export type RunBenchmarksOptions = {
  time: MeasuredTime;
  /** Where the database's files lie while it runs: on a disk, or the figures say nothing of one. */
  folder: string;
  onStart: (machine: Machine) => void;
  onResult: (result: BenchResult) => void;
};

/** One after another, each on a database of its own, on an embedded PostgreSQL with its ordinary, durable settings. */
export const runBenchmarks = async (benchmarks: readonly Benchmark[], options: RunBenchmarksOptions): Promise<void> => {
  const { time, folder, onStart, onResult } = options;
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, "bench-"));
  await using server = await startEmbeddedPostgres({ dataDir, logger: silent, temporary: true });
  const admin = postgres({ ...server.connection, max: 1, onnotice: () => {} });
  const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`;
  onStart(describeMachine({ postgres: row?.version ?? "unknown", dataDir: folder }));
  for (const { name, unit, run } of benchmarks) {
    await using databases = openDatabases(admin, server.connection);
    const measurement = await run({
      database: databases.create,
      measure: (load) => measure(load, time),
      measureHttp: (load) => measureHttp(load, time),
      time,
    });
    onResult({ name, unit, measurement });
  }
  await admin.end();
};

const openDatabases = (admin: Sql, server: PostgresConnection): AsyncDisposable & { create: () => Promise<PostgresConnection> } => {
  const names: string[] = [];
  return {
    create: async () => {
      const name = `bench_${names.length}`;
      names.push(name);
      await admin`create database ${admin(name)} template template0`;
      // What was written before is not written again in the middle of a measurement.
      await admin`checkpoint`;
      return { ...server, database: name };
    },
    [Symbol.asyncDispose]: async () => {
      for (const name of names) {
        await noneConnected(admin, name);
        await admin`drop database ${admin(name)} with (force)`;
      }
    },
  };
};

/** A session ends a moment after its client has closed it, and what is cut off meanwhile throws in a driver that has nobody to tell. */
const noneConnected = async (admin: Sql, database: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const sessions = await admin`select from pg_stat_activity where datname = ${database}`;
    if (sessions.length === 0) return;
    await Bun.sleep(20);
  }
};

const ignore = (): void => {};
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
