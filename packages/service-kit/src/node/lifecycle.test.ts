import { join } from "node:path";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";

/** A process whose start is this code, with `hold(name)` for a resource that says when it is opened and closed. */
const run = (start: string, options = "") => {
  const script = `
    const { runProcess } = await import(${JSON.stringify(join(import.meta.dirname, "lifecycle.ts"))});
    const report = (line, bug) => console.log("report:", line, bug ? "(a bug)" : "");
    const opened = (name) => (console.log("open", name), { [Symbol.asyncDispose]: async () => console.log("close", name) });
    class DatabaseAway extends Error { retryable = true; }
    setInterval(() => {}, 1_000);
    await runProcess({ report, ${options} async start(scope) { ${start} } });`;
  return spawnTracked([process.execPath, "-e", script], { cwd: import.meta.dirname });
};

const lines = (output: string) =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

const UP = `scope.use(opened("database")); scope.use(opened("server")); console.log("up");`;

describe("a clean stop", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("on %s closes in reverse order and exits with 0", async (signal) => {
    await using running = run(UP);
    await running.line(/up/);
    process.kill(running.pid, signal);
    expect(await running.exited).toBe(0);
    await running.line(/close database/);
    expect(lines(running.output())).toEqual(["open database", "open server", "up", "close server", "close database"]);
  });

  test("counts a Ctrl-C once that arrives twice", async () => {
    await using running = run(`
      const second = Promise.withResolvers();
      let times = 0;
      process.on("SIGINT", () => ++times === 2 && second.resolve());
      scope.signal.addEventListener("abort", () => console.log("stopping"));
      scope.use({ [Symbol.asyncDispose]: () => second.promise.then(() => console.log("drained")) });
      console.log("up")`);
    await running.line(/up/);
    process.kill(running.pid, "SIGINT");
    await running.line(/stopping/);
    process.kill(running.pid, "SIGINT");
    expect(await running.exited).toBe(0);
    await running.line(/drained/);
  });

  test("in the middle of a start ends the start and closes what is open", async () => {
    await using running = run(`
      scope.use(opened("database"));
      await new Promise((resolve) => scope.signal.addEventListener("abort", resolve));
      scope.use(opened("server"));
      console.log("never up");`);
    await running.line(/open database/);
    process.kill(running.pid, "SIGTERM");
    expect(await running.exited).toBe(0);
    await running.line(/close database/);
    expect(lines(running.output())).toEqual(["open database", "open server", "close server", "close database"]);
  });
});

describe("an unclean one", () => {
  const stuck = `scope.use({ [Symbol.asyncDispose]: () => new Promise(() => {}) }); console.log("up")`;

  test("that takes too long is ended, with a failure", async () => {
    await using running = run(stuck, "stopTimeoutMs: 50,");
    await running.line(/up/);
    process.kill(running.pid, "SIGTERM");
    expect(await running.exited).toBe(1);
    await running.line(/report: it did not stop within 0.05 seconds/);
  });

  test("ends at once on a later Ctrl-C", async () => {
    await using running = run(stuck);
    await running.line(/up/);
    process.kill(running.pid, "SIGINT");
    const later = performance.now() + 1_100;
    await until(() => performance.now() > later);
    process.kill(running.pid, "SIGINT");
    expect(await running.exited).toBe(1);
  });
});

describe("a failure", () => {
  test("of the start is one line, closes what was open and exits with 1", async () => {
    await using running = run(`scope.use(opened("lock")); throw new DatabaseAway("no database at localhost")`);
    expect(await running.exited).toBe(1);
    await running.line(/close lock/);
    expect(lines(running.output())).toEqual(["open lock", "report: no database at localhost", "close lock"]);
  });

  test("of something that it cannot do without is told once, whatever breaks in its wake", async () => {
    await using running = run(`${UP} scope.fail(new DatabaseAway("the database ended")); scope.fail(new Error("a query failed"));`);
    expect(await running.exited).toBe(1);
    await running.line(/close database/);
    expect(lines(running.output()).filter((line) => line.startsWith("report"))).toEqual(["report: the database ended"]);
  });

  test.each([
    ["a rejection that nobody handles", `${UP} Promise.reject(new Error("a bug"))`],
    ["a rejection that nobody handles, of what may well happen,", `${UP} Promise.reject(new DatabaseAway("a bug"))`],
    ["an exception that nobody catches", `${UP} setTimeout(() => { throw new Error("a bug") })`],
    ["a throw in the start", `scope.use(opened("database")); throw new Error("a bug")`],
  ])("by %s is told as a bug, and everything is closed", async (_name, start) => {
    await using running = run(start);
    expect(await running.exited).toBe(1);
    await running.line(/report: a bug \(a bug\)/);
    await running.line(/close database/);
  });
});
