import { testDatabase } from "@cartwright/testkit/test-database";
import { expect, test } from "vitest";
import { projectedLogs } from "./testing/projected-logs.ts";
import { connectionOf, runOps } from "./testing/run-ops.ts";

test("an operator rebuilds the cart view of the running system, goes back, and drops what is not shown", async () => {
  await using db = await testDatabase();
  await using under = await projectedLogs(db);
  await using _projector = await under.project();
  const environment = { POSTGRES_CONNECTION_STRING: connectionOf(db) };
  const rebuild = (...args: readonly string[]) => runOps(["rebuild", "cart-view", ...args], environment);
  const rebuilt = await rebuild();
  expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringContaining("version 2 of the cart view is shown: 0 carts") });
  expect(rebuilt.stderr).toContain("version 2: 0 of 0 events");
  expect(await rebuild("back")).toEqual({
    code: 0,
    stdout: "version 1 of the cart view is shown again\n",
    stderr: "version 1: 0 of 0 events\n",
  });
  expect(await rebuild("back")).toMatchObject({ code: 1, stderr: "cartwright: there is no version of the cart view to go back to\n" });
  expect(await rebuild("check")).toMatchObject({
    stdout: "version 1 of the cart view is shown: 0 carts, each as the log has it\n",
  });
  expect(await rebuild("drop")).toMatchObject({ code: 0, stdout: "dropped: version 2 of the cart view\n" });
  expect(await rebuild("up")).toMatchObject({ code: 1, stderr: "cartwright: up is none of back, drop, check\n" });
  expect(await runOps(["rebuild", "subject-carts"], environment)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("version 3 of the subjects' carts is shown: 0 carts, each as the log has it\nversion 2 stays fed"),
  });
  expect(await runOps(["rebuild", "figures"], environment)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("version 2 of the figures is shown: 0 figures, each as the log has it"),
  });
  expect(await runOps(["rebuild", "figures", "check"], environment)).toMatchObject({
    code: 0,
    stdout: "version 2 of the figures is shown: 0 figures, each as the log has it\n",
  });
  await db.sql`insert into projector.figure (version, day, name, key, amount) values (2, '2026-01-31', 'carts', 'EUR', 7)`;
  expect(await runOps(["rebuild", "figures", "check"], environment)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("  2026-01-31 carts EUR: it is shown as 7, and the logs say 0\n"),
  });
  expect(await runOps(["rebuild", "carts"], environment)).toMatchObject({
    code: 1,
    stderr: "cartwright: carts can't be rebuilt; cart-view, subject-carts and figures can\n",
  });
}, 60_000);
