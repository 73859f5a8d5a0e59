import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { silentLogger } from "./observability.ts";
import { pollWorker } from "./poll-worker.ts";
import { heldClock } from "./testing/held-clock.ts";

const open = ({ concurrency = 2 } = {}) => {
  const clock = heldClock();
  const due: number[] = [];
  const ran: number[] = [];
  const gates = new Map<number, PromiseWithResolvers<void>>();
  const errors: object[] = [];
  let looks = 0;
  let isAway = false;
  const worker = pollWorker<number>({
    name: "a test",
    concurrency,
    clock,
    logger: { ...silentLogger, error: (fields) => void errors.push(fields) },
    async take(limit) {
      looks += 1;
      if (isAway) throw new Error("away");
      return { taken: due.splice(0, limit), nextAt: null };
    },
    run(item) {
      ran.push(item);
      const gate = Promise.withResolvers<void>();
      gates.set(item, gate);
      return gate.promise;
    },
  });
  return {
    clock,
    due,
    ran,
    worker,
    errors,
    looks: () => looks,
    finish: (item: number) => gates.get(item)?.resolve(),
    fail: (item: number, error: Error) => gates.get(item)?.reject(error),
    setAway: (away: boolean) => {
      isAway = away;
    },
  };
};

describe("a worker that polls", () => {
  test("takes no more than it may run at once, and goes on as soon as one is through", async () => {
    const { due, ran, worker, finish } = open();
    due.push(1, 2, 3);
    worker.start();
    await until(() => ran.length === 2);
    finish(2);
    await until(() => ran.length === 3);
    for (const item of ran) finish(item);
    await worker.stop();
  });

  test("goes on as soon as any one is through, also while the one that it took last is slow", async () => {
    const { due, ran, worker, finish } = open();
    due.push(1, 2, 3, 4);
    worker.start();
    await until(() => ran.length === 2);
    finish(1);
    await until(() => ran.length === 3);
    finish(3);
    await until(() => ran.length === 4);
    for (const item of ran) finish(item);
    await worker.stop();
  });

  test("goes on, and can be stopped, after an item that throws, which none is meant to", async () => {
    const { due, ran, worker, errors, finish, fail } = open();
    due.push(1, 2, 3);
    worker.start();
    await until(() => ran.length === 2);
    fail(1, new Error("a bug"));
    await until(() => ran.length === 3);
    fail(2, new Error("another one"));
    const stopping = worker.stop();
    finish(3);
    await stopping;
    expect(errors).toEqual(["a bug", "another one"].map((message) => ({ worker: "a test", error: `Error: ${message}` })));
  });

  test("looks again after its longest pause, or when it is woken", async () => {
    const { clock, due, ran, worker, looks, finish } = open();
    worker.start();
    await until(() => clock.waiting() === 1);
    due.push(1);
    clock.advance(999);
    expect(looks()).toBe(1);
    clock.advance(1);
    await until(() => ran.length === 1 && clock.waiting() === 1);
    due.push(2);
    worker.wake();
    await until(() => ran.length === 2);
    finish(1);
    finish(2);
    await worker.stop();
  });

  test("looks again after a look that failed", async () => {
    const { clock, due, ran, worker, setAway, finish } = open();
    setAway(true);
    worker.start();
    await until(() => clock.waiting() === 1);
    setAway(false);
    due.push(1);
    clock.advance(1_000);
    await until(() => ran.length === 1);
    finish(1);
    await worker.stop();
  });

  test("ends when what is running has ended, and takes nothing after that", async () => {
    const { clock, due, ran, worker, finish } = open();
    due.push(1);
    worker.start();
    await until(() => ran.length === 1 && clock.waiting() === 1);
    let isStopped = false;
    const stopping = worker.stop().then(() => {
      isStopped = true;
    });
    await Promise.resolve();
    expect(isStopped).toBe(false);
    finish(1);
    await stopping;
    due.push(2);
    worker.wake();
    clock.advance(10_000);
    expect(ran).toEqual([1]);
  });
});
