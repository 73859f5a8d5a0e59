import { createServer } from "node:net";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { notifier } from "./notifier.ts";

/** Takes connections, and says nothing. */
const deadServer = async () => {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    connections: () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
};

test("its close does not wait for a server that does not answer, and leaves nothing behind", async () => {
  await using dead = await deadServer();
  const told: unknown[] = [];
  const connection = { host: "127.0.0.1", port: dead.port, database: "x", user: "x", password: "x" };
  const wake = notifier({ connection, channel: "log", notifies: true, onError: (error) => told.push(error) });
  await until(async () => (await dead.connections()) > 0);
  wake.appended([]);
  await until(async () => (await dead.connections()) > 1);
  const before = performance.now();
  await wake.close();
  expect(performance.now() - before).toBeLessThan(3_000);
  await until(async () => (await dead.connections()) === 0, { what: "the end of its connections" });
  expect(told).toEqual([]);
});

test("its close right after its opening leaves no connection", async () => {
  await using db = await testDatabase();
  const told: unknown[] = [];
  const listens = async () => (await db.sql`select from pg_stat_activity where application_name = 'notifies'`).length;
  for (const pauseMs of [0, 1, 5, 20]) {
    const connection = { ...db.options, connection: { application_name: "notifies" } };
    const wake = notifier({ connection, channel: "log", notifies: true, onError: (error) => told.push(error) });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await wake.close();
  }
  await until(async () => (await listens()) === 0, { what: "the end of its connections" });
  expect(told).toEqual([]);
});
