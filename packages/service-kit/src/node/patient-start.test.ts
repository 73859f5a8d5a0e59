import { failuresThatPass, failuresThatStay } from "@cartwright/failures/testing/retryable-cases";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { processHealth } from "../health.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { type Metrics, noMetrics } from "../metrics.ts";
import { absenceOf, type PatientStartOptions, patientStart } from "./patient-start.ts";
import type { StartScope } from "./start-attempt.ts";

const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
const unknownDatabase = Object.assign(new Error('database "shop" does not exist'), { code: "3D000" });
const changed = Object.assign(new Error("migration 1 was changed after it ran"), { retryable: false });
const service: AsyncDisposable = { async [Symbol.asyncDispose]() {} };

/** A start whose attempts fail in turn, and then one does not. */
const starting = (failures: readonly Error[], options: Partial<PatientStartOptions<AsyncDisposable>> = {}) => {
  const left = [...failures];
  const health = processHealth({ keepMs: 0 });
  const said: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_fields: object, message: string) => void said.push(message) };
  const scopes: StartScope[] = [];
  const begin = async (scope: StartScope) => {
    scopes.push(scope);
    const failure = left.shift();
    if (failure) throw failure;
    return service;
  };
  const running = patientStart({ begin, signal: new AbortController().signal, health, logger, pausesMs: [1, 1], ...options });
  return { running, health, said, scopes };
};

test("a start is made again until what it needs is there, and says meanwhile what that is", async () => {
  const { running, said, scopes } = starting([refused, refused, unknownDatabase]);
  expect((await running).started).toBe(service);
  expect(said).toEqual([
    "the start waits for PostgreSQL: connect ECONNREFUSED 127.0.0.1:5432",
    'the start waits for PostgreSQL: database "shop" does not exist',
  ]);
  expect(scopes.map(({ signal }) => signal.aborted)).toEqual([true, true, true, false]);
});

test("a process is not ready before it has started, and its health says what it waits for", async () => {
  const away = Promise.withResolvers<void>();
  const back = Promise.withResolvers<AsyncDisposable>();
  let attempts = 0;
  const begin = async () => {
    attempts += 1;
    if (attempts === 1) throw refused;
    away.resolve();
    return back.promise;
  };
  const { running, health } = starting([], { begin });
  expect(await health.report()).toMatchObject({ live: true, ready: false });
  await away.promise;
  expect((await health.report()).checks.start?.detail).toBe("waits for PostgreSQL: connect ECONNREFUSED 127.0.0.1:5432");
  back.resolve(service);
  await running;
  expect(await health.report()).toMatchObject({ live: true, ready: true });
});

test("what an attempt held is given back before the next one, in the reverse order; what the last one holds stays", async () => {
  const events: string[] = [];
  const resource = (name: string): AsyncDisposable => ({ [Symbol.asyncDispose]: async () => void events.push(`closed ${name}`) });
  let attempt = 0;
  const begin = async (scope: StartScope) => {
    attempt += 1;
    scope.use(resource(`log ${attempt}`));
    scope.use(resource(`tables ${attempt}`));
    events.push(`opened ${attempt}`);
    if (attempt === 1) throw refused;
    return resource("service");
  };
  const running = await starting([], { begin }).running;
  expect(events).toEqual(["opened 1", "closed tables 1", "closed log 1", "opened 2"]);
  await running[Symbol.asyncDispose]();
  expect(events.slice(4)).toEqual(["closed service", "closed tables 2", "closed log 2"]);
});

test("what waiting does not mend ends the start", async () => {
  await expect(starting([refused, changed]).running).rejects.toBe(changed);
  await expect(starting([new TypeError("a bug")]).running).rejects.toThrow("a bug");
});

describe("an attempt that takes long", () => {
  test("is told of now and then, and by the health", async () => {
    const comes = Promise.withResolvers<AsyncDisposable>();
    const { running, health, said } = starting([], { begin: () => comes.promise, tellAfterMs: 5 });
    await until(() => said.length >= 2);
    expect(said).toEqual(said.map(() => "the start has been waiting for 0 s"));
    expect((await health.report()).checks.start?.detail).toBe("waits for its start (this attempt: 0 s)");
    comes.resolve(service);
    await running;
    expect((await health.report()).ready).toBe(true);
  });

  test("is given back and made again once it has reached its limit, and the next one may take twice as long", async () => {
    const closed: string[] = [];
    const resource = (name: string): AsyncDisposable => ({ [Symbol.asyncDispose]: async () => void closed.push(name) });
    const late = Promise.withResolvers<AsyncDisposable>();
    const scopes: StartScope[] = [];
    const counted: number[] = [];
    const begin = async (scope: StartScope) => {
      scopes.push(scope);
      if (scopes.length === 3) return service;
      scope.use(resource(`tables ${scopes.length}`));
      return scopes.length === 1 ? late.promise : new Promise<never>(() => {});
    };
    const metrics: Metrics = { ...noMetrics, counter: () => ({ add: (_labels, by = 1) => void counted.push(by) }) };
    const { running, said } = starting([], { begin, limitMs: 20, metrics });
    expect((await running).started).toBe(service);
    expect(said).toEqual([
      "the start waits for the end of an attempt that took longer than 0.02 s",
      "the start waits for the end of an attempt that took longer than 0.04 s",
    ]);
    expect([closed, counted]).toEqual([
      ["tables 1", "tables 2"],
      [1, 1, 1],
    ]);
    expect(scopes.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    // The first one comes to its end after all, and is of no use to anybody.
    late.resolve(resource("late service"));
    await until(() => closed.includes("late service"));
    expect(() => scopes[0]?.use(resource("late tables"))).toThrow("made again");
    await until(() => closed.includes("late tables"));
  });

  test("is forgiven what it still holds from the next one, once", async () => {
    const taken = Object.assign(new Error("the port is in use"), { code: "EADDRINUSE", retryable: false });
    const failures = [taken, taken];
    let attempt = 0;
    const begin = async () => {
      attempt += 1;
      const failure = attempt > 1 && failures.shift();
      if (failure) throw failure;
      return new Promise<never>(() => {});
    };
    const { running, said } = starting([], { begin, limitMs: 20 });
    await expect(running).rejects.toBe(taken);
    expect(said.at(-1)).toBe("the start waits for what an attempt before held: Error: the port is in use");
    expect(attempt).toBe(3);
  });
});

describe("a stop", () => {
  test("ends the wait", async () => {
    const stop = new AbortController();
    const { running, said } = starting([refused, refused], { signal: stop.signal, pausesMs: [60_000, 60_000] });
    await until(() => said.length > 0);
    stop.abort(new Error("SIGTERM"));
    await expect(running).rejects.toThrow("SIGTERM");
  });

  test("gives back what an attempt has just started", async () => {
    const stop = new AbortController();
    const closed: string[] = [];
    const begin = async () => {
      stop.abort(new Error("SIGTERM"));
      return { [Symbol.asyncDispose]: async () => void closed.push("service") };
    };
    await expect(starting([], { begin, signal: stop.signal }).running).rejects.toThrow("SIGTERM");
    expect(closed).toEqual(["service"]);
  });
});

describe("what is waited for", () => {
  const coded = (code: string, message = "no") => Object.assign(new Error(message), { code });

  test.each([
    ["a server that is not there", coded("ECONNREFUSED"), "PostgreSQL: no"],
    ["a name that is not known yet", coded("ENOTFOUND"), "PostgreSQL: no"],
    ["a server that is starting", coded("57P03"), "PostgreSQL: no"],
    ["a password that is not taken", coded("28P01"), "PostgreSQL: no"],
    ["a database that is not made", coded("3D000"), "PostgreSQL: no"],
    [
      "another service",
      Object.assign(new Error("log.heads at http://x got no answer"), { retryable: true }),
      "log.heads at http://x got no answer",
    ],
  ])("%s", (_what, error, absence) => expect(absenceOf(error)).toBe(absence));

  test.each([
    ["a configuration that is not valid", Object.assign(new Error("no"), { retryable: false })],
    ["what the user may not do", coded("42501")],
    ["a bug", new TypeError("x is not a function")],
  ])("%s is not", (_what, error) => expect(absenceOf(error)).toBe(null));

  test.each(failuresThatStay)("%s stays", (_what, error) => expect(absenceOf(error)).toBe(null));

  test.each(failuresThatPass)("%s passes", (_what, error) => expect(absenceOf(error)).not.toBe(null));

  test("is told by what failed first, and by each of several", () => {
    const suppressed = new SuppressedError(coded("CONNECTION_ENDED", "the wake"), coded("ECONNRESET", "reset"));
    expect(absenceOf(suppressed)).toBe("PostgreSQL: reset");
    const several = new AggregateError([coded("ECONNREFUSED", "refused ::1"), coded("ECONNREFUSED", "refused 127.0.0.1")], "together");
    // As sockets have it.
    several.message = "";
    expect(absenceOf(several)).toBe("PostgreSQL: Error: refused ::1, Error: refused 127.0.0.1");
  });
});
