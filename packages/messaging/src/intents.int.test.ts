import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { effectsGate } from "./effects-gate.ts";
import { type IntentWorkerOptions, intentWorker } from "./intent-worker.ts";
import { type Intent, type IntentKind, NotPerformed, OutsideFault, requestIntents, type TakenIntent } from "./intents.ts";
import { type Metrics, noMetrics, silentLogger } from "./observability.ts";
import { heldClock } from "./testing/held-clock.ts";
import { serviceDatabase } from "./testing/service-database.ts";

const schema = "billing";

const capture = (id: string, kind = "capture"): Intent => ({
  id,
  kind,
  streamId: `payment-${id}`,
  payload: { amountMinor: 100 },
  metadata: { correlationId: "c" },
});

type WorkerOptions = Partial<Pick<IntentWorkerOptions, "epoch" | "admits" | "logger" | "metrics">> & { readonly time?: Clock };

/** Whether the worker says that effects are held. */
const heldNow = () => {
  let value: number | undefined;
  const set = (_: object, now: number) => {
    value = now;
  };
  const metrics: Metrics = { ...noMetrics, gauge: (of) => (of.name === "effects_held" ? { set, remove() {} } : noMetrics.gauge(of)) };
  return { metrics, value: () => value };
};

const open = async () => {
  const database = await serviceDatabase(schema, testDatabase);
  const { sql } = database;
  const clock = heldClock();
  const calls: string[] = [];
  const reports: [string, unknown][] = [];
  const kindOf = (behaviour: Partial<Pick<IntentKind<unknown>, "perform" | "reconcile">> = {}): IntentKind<unknown> => ({
    async perform(intent: TakenIntent) {
      calls.push(`perform ${intent.id}`);
      return behaviour.perform?.(intent) ?? "captured";
    },
    async reconcile(intent: TakenIntent) {
      calls.push(`reconcile ${intent.id}`);
      return behaviour.reconcile?.(intent) ?? { found: "outcome", outcome: "was captured" };
    },
    async report({ id }: TakenIntent, outcome: unknown) {
      reports.push([id, outcome]);
    },
  });
  return {
    sql,
    clock,
    calls,
    reports,
    kindOf,
    request: (...intents: Intent[]) => requestIntents(sql, schema, { intents, now: clock.now() }),
    worker: (kind: IntentKind<unknown> = kindOf(), { epoch = "epoch-1", time = clock, ...rest }: WorkerOptions = {}) =>
      intentWorker({ sql, schema, epoch, clock: time, kinds: { capture: kind }, leaseMs: 60_000, random: () => 0, ...rest }),
    gate: (epoch = "epoch-1") => effectsGate({ sql, schema, epoch }),
    /** What the log is after a restore. */
    restore: async (epoch = "epoch-2") => void (await database.db.sql`update ${sql(schema)}.log set epoch = ${epoch}`),
    rows: async () => sql<{ id: string; attempts: number; next_at: Date }[]>`select * from ${sql(schema)}.intent order by id`,
    states: async () => (await sql<{ state: string }[]>`select state from ${sql(schema)}.intent order by id`).map(({ state }) => state),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

const idle = (clock: { waiting(): number }) => until(() => clock.waiting() > 0);

const promise = (name: string, run: () => Promise<void>) => test(name, run, 30_000);

describe("effects on the outside world", () => {
  promise("are performed once, and their outcome is reported", async () => {
    await using t = await open();
    await t.request(capture("p1:capture:1"), capture("p2:capture:1"));
    await t.request(capture("p1:capture:1"));
    await using worker = t.worker();
    worker.start();
    await until(async () => (await t.states()).every((state) => state === "done"));
    expect(t.calls.sort()).toEqual(["perform p1:capture:1", "perform p2:capture:1"]);
    expect(new Map(t.reports as [string, unknown][])).toEqual(
      new Map([
        ["p1:capture:1", "captured"],
        ["p2:capture:1", "captured"],
      ]),
    );
    await t.request(capture("p1:capture:1"));
    worker.wake();
    await idle(t.clock);
    expect(t.calls).toHaveLength(2);
  });

  promise("are performed again when surely nothing got there", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    const worker = t.worker(
      t.kindOf({
        async perform({ attempt }) {
          if (attempt === 1) throw new NotPerformed("connection refused");
          return "captured";
        },
      }),
    );
    await using _ = worker;
    worker.start();
    await until(() => t.calls.length === 1);
    await until(async () => (await t.states())[0] === "requested");
    t.clock.advance(1_000);
    worker.wake();
    await until(() => t.reports.length === 1);
    expect(t.calls).toEqual(["perform p1", "perform p1"]);
  });

  promise("are not tried later and later for being held back: they go on as soon as it is of use", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    let isAway = true;
    const worker = t.worker(
      t.kindOf({
        async perform() {
          if (isAway) throw new NotPerformed("left alone", { heldBackMs: 10_000 });
          return "captured";
        },
      }),
    );
    await using _ = worker;
    worker.start();
    for (let time = 1; time <= 20; time++) {
      await until(() => t.calls.length === time);
      await until(async () => (await t.rows())[0]?.next_at.getTime() === t.clock.now().getTime() + 10_000);
      if (time === 20) isAway = false;
      t.clock.advance(10_000);
      worker.wake();
    }
    await until(() => t.reports.length === 1);
  });

  promise("wait without a try while nobody is let in, then one is, and then all", async () => {
    await using t = await open();
    await t.request(...["p1", "p2", "p3", "p4"].map((id) => capture(id)));
    let room = 0;
    const trial = Promise.withResolvers<void>();
    const perform = async () => {
      if (room === 1) {
        room = 0;
        await trial.promise;
        room = Number.POSITIVE_INFINITY;
      }
      return "captured";
    };
    await using worker = t.worker(t.kindOf({ perform }), { admits: () => room });
    worker.start();
    await idle(t.clock);
    t.clock.advance(600_000);
    await idle(t.clock);
    expect(await t.rows()).toMatchObject(Array.from({ length: 4 }, () => ({ attempts: 0 })));
    room = 1;
    t.clock.advance(1_000);
    await until(() => t.calls.length === 1);
    await idle(t.clock);
    t.clock.advance(1_000);
    await idle(t.clock);
    expect(t.calls).toHaveLength(1);
    trial.resolve();
    await until(() => {
      t.clock.advance(1_000);
      return t.reports.length === 4;
    });
    expect((await t.rows()).map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  });

  promise(
    "know how often the outside has answered with a fault, and neither silence nor its answers about an intent are counted",
    async () => {
      await using t = await open();
      await t.request(capture("p1"));
      const faults: number[] = [];
      const worker = t.worker(
        t.kindOf({
          async perform(intent) {
            faults.push(intent.faults);
            if (faults.length === 5) return "captured";
            throw faults.length % 2 === 0 ? new Error("no answer") : new OutsideFault("it failed there");
          },
          async reconcile() {
            if (t.calls.length === 2) throw new OutsideFault("asking failed there, too");
            return { found: "nothing" };
          },
        }),
      );
      await using _ = worker;
      worker.start();
      await until(() => {
        t.clock.advance(1_000);
        return t.reports.length === 1;
      });
      expect(faults).toEqual([0, 1, 1, 2, 2]);
    },
  );

  promise("are looked for no sooner than the outside shows them", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    const lost = t.kindOf({ perform: async () => Promise.reject(new Error("the answer was lost")) });
    await using worker = t.worker({ ...lost, shownAfterMs: 60_000 });
    const begun = t.clock.now().getTime();
    worker.start();
    await until(async () => (await t.states())[0] === "unknown");
    expect((await t.rows()).map(({ next_at: nextAt }) => nextAt.getTime() - begun)).toEqual([60_000]);
    await until(() => {
      t.clock.advance(1_000);
      return t.reports.length === 1;
    });
    expect(t.calls).toEqual(["perform p1", "reconcile p1"]);
  });

  promise("are never guessed: after any other failure the outside is asked", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    let asked = 0;
    const worker = t.worker(
      t.kindOf({
        perform: async () => Promise.reject(new Error("the answer was lost")),
        reconcile: async () => (asked++ === 0 ? { found: "pending" } : { found: "outcome", outcome: "was captured" }),
      }),
    );
    await using _ = worker;
    worker.start();
    await until(() => {
      t.clock.advance(1_000);
      return t.reports.length >= 1;
    });
    expect(t.calls).toEqual(["perform p1", "reconcile p1", "reconcile p1"]);
    expect(t.reports).toEqual([["p1", "was captured"]]);
  });

  promise("whose worker died are reconciled when its lease has run out, and performed if nothing had got there", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    const dead = t.worker(t.kindOf({ perform: () => new Promise(() => {}) }), { time: heldClock() });
    dead.start();
    await until(() => t.calls.length === 1);
    await using living = t.worker(t.kindOf({ reconcile: async () => ({ found: "nothing" }) }));
    living.start();
    await idle(t.clock);
    expect(t.calls).toEqual(["perform p1"]);
    t.clock.advance(60_000);
    living.wake();
    await until(() => t.reports.length === 1);
    expect(t.calls).toEqual(["perform p1", "reconcile p1", "perform p1"]);
  });

  promise("are told to end before their lease does", async () => {
    await using t = await open();
    await t.request(capture("p1"));
    let told = false;
    let leftMs = 0;
    const perform = ({ signal, endsAt }: TakenIntent) =>
      new Promise((_, reject) => {
        leftMs = endsAt.getTime() - t.clock.now().getTime();
        signal.addEventListener("abort", () => {
          told = true;
          reject(signal.reason);
        });
      });
    await using worker = t.worker(t.kindOf({ perform }));
    worker.start();
    await until(() => t.calls.length === 1);
    t.clock.advance(59_000);
    await until(async () => told && (await t.states())[0] === "unknown");
    expect(leftMs).toBe(48_000);
  });

  promise("are held while an operator holds them, and go on when they are let go", async () => {
    await using t = await open();
    await t.gate().hold({ by: "operator-7", reason: "the provider asked us to" });
    await t.request(capture("p1"));
    await using worker = t.worker();
    worker.start();
    await idle(t.clock);
    expect(t.calls).toEqual([]);
    expect(await t.gate().state()).toMatchObject({ held: true, by: "operator-7", reason: "the provider asked us to" });
    await t.gate().release({ by: "operator-7", reason: "they are back" });
    worker.wake();
    await until(() => t.reports.length === 1);
  });

  promise("are held by themselves after a restore, until somebody has looked", async () => {
    await using t = await open();
    {
      await using before = t.worker();
      before.start();
      await idle(t.clock);
    }
    await t.restore();
    await t.request(capture("p1"));
    await using restored = t.worker(t.kindOf(), { epoch: "epoch-2" });
    restored.start();
    await idle(t.clock);
    expect(t.calls).toEqual([]);
    expect(await t.gate("epoch-2").state()).toMatchObject({ held: true, reason: "the log was restored" });
    await t.gate("epoch-2").release({ by: "operator-7", reason: "compared with the provider" });
    restored.wake();
    await until(() => t.reports.length === 1);
    expect(t.reports).toEqual([["p1", "was captured"]]);
  });

  promise("are held by a process that goes on as if nothing had been restored, and told to be, until they are let go", async () => {
    await using t = await open();
    const [said, held] = [[] as string[], heldNow()];
    await using worker = t.worker(t.kindOf(), { logger: { ...silentLogger, warn: (_, line) => said.push(line) }, metrics: held.metrics });
    worker.start();
    await idle(t.clock);
    expect(held.value()).toBe(0);
    await t.restore();
    await t.request(capture("p1"));
    worker.wake();
    await until(() => held.value() === 1);
    expect(said).toEqual(["effects on the outside world are held: see `bun run ops effects`"]);
    // Let go for those who know: this one is to be started again.
    await t.gate("epoch-2").release({ by: "operator-7", reason: "compared with the provider" });
    worker.wake();
    await idle(t.clock);
    expect(t.calls).toEqual([]);
    await using restarted = t.worker(t.kindOf(), { epoch: "epoch-2" });
    restarted.start();
    await until(() => t.reports.length === 1);
  });

  promise("are looked for before they are performed after a restore, also those that are asked for later", async () => {
    await using t = await open();
    {
      await using before = t.worker();
      before.start();
      await idle(t.clock);
    }
    await t.restore();
    await t.gate("epoch-2").release({ by: "operator-7", reason: "compared with the provider" });
    await t.request(capture("p1"), capture("p2"));
    const known = async ({ id }: TakenIntent) =>
      id === "p1" ? ({ found: "outcome", outcome: "was captured" } as const) : ({ found: "nothing" } as const);
    await using restored = t.worker(t.kindOf({ reconcile: known }), { epoch: "epoch-2" });
    restored.start();
    await until(() => t.reports.length === 2);
    await t.gate("epoch-2").release({ by: "operator-7", reason: "once more" });
    await t.request(capture("p3"));
    restored.wake();
    await until(() => t.reports.length === 3);
    expect(t.calls.sort()).toEqual(["perform p2", "perform p3", "reconcile p1", "reconcile p2", "reconcile p3"]);
  });
});
