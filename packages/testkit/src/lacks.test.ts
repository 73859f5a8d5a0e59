import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lacks } from "./lacks.ts";
import { startRedis } from "./redis.ts";
import { ServerUnavailable } from "./server-unavailable.ts";

const { PATH, REQUIRE_SERVERS, TEST_REDIS_CONNECTION_STRING } = process.env;

const restore = (name: string, value: string | undefined) => {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
};

afterEach(() => {
  restore("PATH", PATH);
  restore("REQUIRE_SERVERS", REQUIRE_SERVERS);
  restore("TEST_REDIS_CONNECTION_STRING", TEST_REDIS_CONNECTION_STRING);
});

/** A machine on which nothing is installed. */
const bareMachine = () => {
  process.env.PATH = "/nonexistent";
  delete process.env.REQUIRE_SERVERS;
  delete process.env.TEST_REDIS_CONNECTION_STRING;
};

test("what can't be had is lacking, so that its test is skipped", () => {
  bareMachine();
  expect([lacks("redis"), lacks("own redis"), lacks("own kafka"), lacks("own kafka", "redis")]).toEqual([true, true, true, true]);
});

test("an existing server helps those that do no harm, and no other", () => {
  bareMachine();
  process.env.TEST_REDIS_CONNECTION_STRING = "redis.test:6379";
  expect([lacks("redis"), lacks("own redis")]).toEqual([false, true]);
});

test("stripe-mock can be had where it is, and where Go is", () => {
  bareMachine();
  const folder = mkdtempSync(join(tmpdir(), "lacks-"));
  for (const program of ["stripe-mock", "go"]) {
    process.env.PATH = join(folder, program);
    mkdirSync(process.env.PATH);
    writeFileSync(join(process.env.PATH, program), "", { mode: 0o755 });
    expect(lacks("stripe-mock")).toBe(false);
  }
  rmSync(folder, { recursive: true });
});

test("where servers are required nothing is skipped, and what is missing fails by its name", async () => {
  bareMachine();
  process.env.REQUIRE_SERVERS = "1";
  expect(lacks("own redis")).toBe(false);
  await expect(startRedis()).rejects.toBeInstanceOf(ServerUnavailable);
  await expect(startRedis()).rejects.toThrow("there is no redis-server");
});
