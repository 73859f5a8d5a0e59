import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { heldClock } from "./testing/held-clock.ts";
import { serviceDatabase } from "./testing/service-database.ts";
import { timerWorker } from "./timer-worker.ts";
import { cancelTimers, type DueTimer, scheduleTimers, type Timer, type TimerHandler } from "./timers.ts";

const schema = "cart";
const minute = 60_000;

const open = async () => {
  const database = await serviceDatabase(schema, testDatabase);
  const { sql } = database;
  const clock = heldClock();
  const fired: DueTimer[] = [];
  const remember: TimerHandler = async (timer) => {
    fired.push(timer);
  };
  const inMs = (ms: number) => new Date(clock.now().getTime() + ms);
  return {
    sql,
    clock,
    fired,
    inMs,
    timer: (id: string, ms: number, kind = "expiry"): Timer => ({ id, dueAt: inMs(ms), kind, streamId: `cart-${id}`, payload: { id } }),
    schedule: (...timers: Timer[]) => sql.begin((tx) => scheduleTimers(tx, schema, timers)),
    worker: (expiry: TimerHandler = remember, leaseMs = 30_000) => timerWorker({ sql, schema, clock, leaseMs, handlers: { expiry } }),
    left: async () => (await sql<{ id: string }[]>`select id from ${sql(schema)}.timer order by id`).map(({ id }) => id),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

/** The worker's next look is called for through the clock. */
const idle = (clock: { waiting(): number }) => until(() => clock.waiting() > 0);

const promise = (name: string, run: () => Promise<void>) => test(name, run, 30_000);

describe("durable timers", () => {
  promise("fire when they are due and not before, each once", async () => {
    await using t = await open();
    await t.schedule(t.timer("a", minute), t.timer("b", 2 * minute));
    await using worker = t.worker();
    worker.start();
    await idle(t.clock);
    expect(t.fired).toEqual([]);
    t.clock.advance(minute - 1);
    await idle(t.clock);
    expect(t.fired).toEqual([]);
    t.clock.advance(20);
    await until(async () => (await t.left()).join() === "b");
    expect(t.fired).toMatchObject([{ id: "a", streamId: "cart-a", payload: { id: "a" }, attempt: 1 }]);
    expect(t.fired[0]?.key).toBe("timer:a@2026-01-01T00:01:00.000Z");
  });

  promise("wake the worker at the next due time, sooner than its poll", async () => {
    await using t = await open();
    await t.schedule(t.timer("soon", 40));
    await using worker = t.worker();
    worker.start();
    await idle(t.clock);
    t.clock.advance(40);
    await until(() => t.fired.length === 1);
  });

  promise("are there only if the transaction that scheduled them commits", async () => {
    await using t = await open();
    const failing = t.sql.begin(async (tx) => {
      await scheduleTimers(tx, schema, [t.timer("a", 0)]);
      throw new Error("the effect failed");
    });
    await expect(failing).rejects.toThrow("the effect failed");
    expect(await t.left()).toEqual([]);
  });

  promise("are moved by scheduling them again and gone when cancelled", async () => {
    await using t = await open();
    await t.schedule(t.timer("moved", 0), t.timer("cancelled", 0), t.timer("moved", minute));
    await cancelTimers(t.sql, schema, ["cancelled", "never scheduled"]);
    await using worker = t.worker();
    worker.start();
    await idle(t.clock);
    expect(t.fired).toEqual([]);
    expect(await t.left()).toEqual(["moved"]);
  });

  test.each([
    ["moved while they fire", { cancels: false, fails: false }],
    ["moved while they fire, in vain,", { cancels: false, fails: true }],
    ["cancelled and set anew while they fire", { cancels: true, fails: false }],
    ["cancelled and set anew while they fire, in vain,", { cancels: true, fails: true }],
  ])(
    "that are %s fire at their new time",
    async (_, { cancels, fails }) => {
      await using t = await open();
      const times = [0, minute].map((ms) => t.inMs(ms).toISOString());
      await t.schedule(t.timer("a", 0));
      let isSetAnew = false;
      const settingAnew: TimerHandler = async (timer) => {
        t.fired.push(timer);
        if (isSetAnew) return;
        if (cancels) await cancelTimers(t.sql, schema, ["a"]);
        await t.schedule(t.timer("a", minute));
        isSetAnew = true;
        if (fails) throw new Error("the log is away");
      };
      await using worker = t.worker(settingAnew);
      worker.start();
      await until(() => isSetAnew);
      t.clock.advance(minute);
      await until(() => {
        worker.wake();
        return t.fired.length >= 2;
      });
      await until(async () => (await t.left()).length === 0);
      expect(t.fired.map(({ key, attempt }) => [key, attempt])).toEqual(times.map((at) => [`timer:a@${at}`, 1]));
    },
    30_000,
  );

  promise("are tried again, later and later, under the same key", async () => {
    await using t = await open();
    await t.schedule(t.timer("a", 0));
    const failing: TimerHandler = async (timer) => {
      t.fired.push(timer);
      if (timer.attempt < 3) throw new Error("the log is away");
    };
    await using worker = t.worker(failing);
    worker.start();
    await until(() => {
      t.clock.advance(1_000);
      return t.fired.length >= 3;
    });
    await until(async () => (await t.left()).length === 0);
    expect(t.fired.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(t.fired.map(({ key }) => key)).size).toBe(1);
  });

  promise("are shared by two processes, and those of one that died are taken over after their lease", async () => {
    await using t = await open();
    const timers = Array.from({ length: 500 }, (_, index) => t.timer(`t${index}`, 0));
    await t.schedule(...timers);
    const stuck = t.worker(() => new Promise(() => {}), 10_000);
    stuck.start();
    await until(async () => (await t.sql`select from ${t.sql(schema)}.timer where attempts > 0`).length === 100);
    await using worker = t.worker();
    worker.start();
    await until(() => t.fired.length === 400);
    t.clock.advance(10_000);
    worker.wake();
    await until(() => t.fired.length === 500);
    expect(new Set(t.fired.map(({ id }) => id)).size).toBe(500);
    await until(async () => (await t.left()).length === 0);
  });

  promise("of a kind that this process does not know are left for one that does", async () => {
    await using t = await open();
    await t.schedule(t.timer("new", 0, "from-the-future"), t.timer("old", 0));
    await using worker = t.worker();
    worker.start();
    await until(() => t.fired.length === 1);
    await until(async () => (await t.left()).join() === "new");
  });
});
