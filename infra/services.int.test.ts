import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readProcess } from "@cartwright/service-kit/node/process-table";
import { parsePostgresConnection } from "@cartwright/service-kit/postgres-connection";
import { kafkaBrokersSeen } from "@cartwright/testkit/kafka-brokers-seen";
import { lacks } from "@cartwright/testkit/lacks";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { findKeeper } from "./services/keeper.ts";
import { serviceNames } from "./services/services.ts";

const timeout = 240_000;

/** A folder for the servers of one test, which PostgreSQL's own account may pass through too. */
const servicesFolder = (): { folder: string } & AsyncDisposable => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-services-"));
  chmodSync(folder, 0o755);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await services("down", folder);
      rmSync(folder, { recursive: true });
    },
  };
};

type Run = { exitCode: number; lines: readonly string[]; values: Readonly<Record<string, string>>; pids: readonly number[] };

const services = async (
  action: "up" | "down",
  folder: string,
  { docker, path }: { docker?: boolean; path?: string } = {},
): Promise<Run> => {
  const command = [process.execPath, join(import.meta.dirname, "services.ts"), action, `--folder=${folder}`];
  const env = { ...process.env, ...(path === undefined ? {} : { PATH: path }) };
  const run = Bun.spawn(docker ? command : [...command, "--without-docker"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, exitCode] = await Promise.all([new Response(run.stdout).text(), new Response(run.stderr).text(), run.exited]);
  const lines = `${output}${errors}`.trim().split("\n");
  const matches = lines.map((line) => /^export (\w+)='(.*)' # .*?(\d+)?$/.exec(line)).filter((match) => match !== null);
  return {
    exitCode,
    lines,
    values: Object.fromEntries(matches.map(([, variable, value]) => [variable, value])),
    pids: matches.map(([, , , pid]) => Number(pid)),
  };
};

const askPostgres = async (text: string, query: string): Promise<readonly object[]> => {
  const parsed = parsePostgresConnection(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  const sql = postgres({ ...parsed.connection, max: 1 });
  try {
    return [...(await sql.unsafe(query))];
  } finally {
    await sql.end();
  }
};

const askRedis = async (address: string, command: string, ...args: string[]): Promise<unknown> => {
  const client = new Bun.RedisClient(`redis://${address}`);
  try {
    return await client.send(command, args);
  } finally {
    client.close();
  }
};

const greetingOf = async (url: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const [first] = await Array.fromAsync(socket.take(1));
  socket.destroy();
  return String(first);
};

describe.skipIf(lacks("own kafka", "own redis"))("the servers of a machine without Docker", () => {
  test("start once, keep their data over a stop, and stop", { timeout }, async () => {
    await using own = servicesFolder();
    const first = await services("up", own.folder);
    const { KAFKA_BOOTSTRAP_SERVERS = "", POSTGRES_CONNECTION_STRING = "", REDIS_CONNECTION_STRING = "" } = first.values;
    expect({ exitCode: first.exitCode, lines: first.lines.length }).toEqual({ exitCode: 0, lines: 4 });
    expect(await greetingOf(first.values.SMTP_URL ?? "")).toMatch(/^220 /);
    expect(await kafkaBrokersSeen(Number(KAFKA_BOOTSTRAP_SERVERS.split(":")[1]))).toEqual([1]);
    await askPostgres(POSTGRES_CONNECTION_STRING, "create table kept as select 1 as id");
    expect(await askRedis(REDIS_CONNECTION_STRING, "SET", "kept", "1")).toBe("OK");

    const second = await services("up", own.folder);
    expect({ values: second.values, pids: second.pids }).toEqual({ values: first.values, pids: first.pids });

    expect((await services("down", own.folder)).lines).toEqual(["stopped: kafka, postgres, redis, mail"]);
    expect(first.pids.map(readProcess)).toEqual([undefined, undefined, undefined, undefined]);
    await expect(kafkaBrokersSeen(Number(KAFKA_BOOTSTRAP_SERVERS.split(":")[1]))).rejects.toThrow();
    expect((await services("down", own.folder)).lines).toEqual(["no server ran"]);

    const third = await services("up", own.folder);
    expect(await askPostgres(third.values.POSTGRES_CONNECTION_STRING ?? "", "select id from kept")).toEqual([{ id: 1 }]);
    expect(await askRedis(third.values.REDIS_CONNECTION_STRING ?? "", "GET", "kept")).toBe("1");
  });

  test("that were killed are started again, the others left as they are", { timeout }, async () => {
    await using own = servicesFolder();
    const first = await services("up", own.folder);
    const [kafka, postgresKeeper, redis = 0] = first.pids;
    process.kill(redis, "SIGKILL");
    await until(() => findKeeper(own.folder, "redis") === undefined);
    const second = await services("up", own.folder);
    expect(second.exitCode).toBe(0);
    expect(second.pids.slice(0, 2)).toEqual([kafka, postgresKeeper].map(Number));
    expect(await askRedis(second.values.REDIS_CONNECTION_STRING ?? "", "PING")).toBe("PONG");
  });
});

test("a pid that another process has by now is left alone", { timeout }, async () => {
  await using own = servicesFolder();
  await using bystander = spawnTracked(["sleep", "600"], { cwd: own.folder });
  for (const name of serviceNames) {
    mkdirSync(join(own.folder, name));
    writeFileSync(join(own.folder, name, "keeper.lock"), "");
    writeFileSync(join(own.folder, name, "keeper.lock.pid"), String(bystander.pid));
    writeFileSync(join(own.folder, name, "keeper.json"), JSON.stringify({ pid: bystander.pid, value: "127.0.0.1:1" }));
  }
  expect((await services("down", own.folder)).lines).toEqual(["no server ran"]);
  expect(readProcess(bystander.pid)).toBeDefined();
});

test("a server that cannot be had is named, and the others start", { timeout }, async () => {
  await using own = servicesFolder();
  // What PostgreSQL's start needs of a machine, and no more.
  const path = join(own.folder, "bin");
  mkdirSync(path);
  for (const program of ["sh", "id", "chown", "rm"]) writeProgram(join(path, program), `exec ${Bun.which(program)} "$@"`);
  const { exitCode, lines, values } = await services("up", own.folder, { path });
  expect(exitCode).toBe(1);
  expect(Object.keys(values)).toEqual(["POSTGRES_CONNECTION_STRING", "SMTP_URL"]);
  expect(lines).toContain("cartwright: kafka cannot be started: Kafka needs Java 17 or newer: there is no java");
  expect(lines).toContain("cartwright: redis cannot be started: there is no redis-server");
});

test("where a Docker engine answers, it is asked for the servers, and nothing else starts", { timeout }, async () => {
  await using own = servicesFolder();
  // A stand-in that answers and writes down what it is asked: there is no engine to try it on.
  const path = join(own.folder, "bin");
  const calls = join(own.folder, "calls");
  mkdirSync(path);
  writeProgram(join(path, "docker"), `echo "$*" >> '${calls}'; echo --wait`);
  const up = await services("up", own.folder, { docker: true, path: `${path}:${process.env.PATH}` });
  expect(up.exitCode).toBe(0);
  expect(Object.keys(up.values)).toEqual(["KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_CONNECTION_STRING", "REDIS_CONNECTION_STRING", "SMTP_URL"]);
  await services("down", own.folder, { docker: true, path: `${path}:${process.env.PATH}` });
  const file = join(import.meta.dirname, "docker-compose.yml");
  const asked = (await Bun.file(calls).text()).trim().split("\n");
  expect(asked).toContain(`compose --file ${file} up --detach --wait kafka postgres redis mail`);
  expect(asked.at(-1)).toBe(`compose --file ${file} down`);
  expect(readdirSync(own.folder).filter((name) => serviceNames.some((known) => known === name))).toEqual([]);
});

const writeProgram = (file: string, script: string): void => writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
