import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { expect, test } from "vitest";
import { aCartId, aView } from "./testing/views.ts";
import { versionWaits } from "./version-waits.ts";

const soon = { timeoutMs: 1_000 };

/** A store whose looks the test answers, and a clock that the test moves. */
const bench = () => {
  const looks: { cartIds: readonly CartId[]; answer: (views: readonly CartView[]) => void; fail: (error: Error) => void }[] = [];
  const timers = new Set<{ at: number; callback: () => void }>();
  let now = 0;
  const waits = versionWaits({
    look(cartIds) {
      const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<CartId, CartView>>();
      looks.push({ cartIds, answer: (views) => resolve(new Map(views.map((view) => [view.cartId, view]))), fail: reject });
      return promise;
    },
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const settled = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return {
    waits,
    looks,
    timers,
    settled,
    answerAll: async (views: readonly CartView[] = []) => {
      for (const look of looks) look.answer(views);
      await settled();
    },
    advance: async (ms: number) => {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.callback();
      }
      await settled();
    },
  };
};

test("a writer in the process wakes who waits, before any look at the store is answered", async () => {
  const { waits } = bench();
  const view = aView({ version: 3 });
  const waiting = waits.wait(view.cartId, 3, soon);
  waits.tell([aView(), aView({ cartId: view.cartId, version: 2 }), view]);
  expect(await waiting).toBe(view);
});

test("the store is looked at once at a time, and once more for those who came meanwhile", async () => {
  const { waits, looks, settled, answerAll } = bench();
  const cartIds = Array.from({ length: 100 }, aCartId);
  const waiting = cartIds.map((cartId) => waits.wait(cartId, 1, soon));
  expect(looks.map((look) => look.cartIds.length)).toEqual([1]);
  looks[0]?.answer([]);
  await settled();
  expect(looks.map((look) => look.cartIds.length)).toEqual([1, 100]);
  await answerAll(cartIds.map((cartId) => aView({ cartId })));
  expect((await Promise.all(waiting)).map((view) => view?.cartId)).toEqual(cartIds);
  expect(looks).toHaveLength(2);
});

test("looks become ever more seldom, and begin anew when somebody comes", async () => {
  const { waits, looks, answerAll, advance } = bench();
  void waits.wait(aCartId(), 1, { timeoutMs: 60_000 });
  await answerAll();
  const looksWithin = async (ms: number) => {
    const before = looks.length;
    for (let passed = 0; passed < ms; passed += 5) {
      await advance(5);
      await answerAll();
    }
    return looks.length - before;
  };
  expect(await looksWithin(100)).toBe(4);
  expect(await looksWithin(1_000)).toBe(10);
  void waits.wait(aCartId(), 1, { timeoutMs: 60_000 });
  await answerAll();
  expect(await looksWithin(100)).toBe(4);
});

test("nothing is looked at nor timed when nobody waits any more", async () => {
  const { waits, looks, timers, answerAll, advance } = bench();
  const waiting = waits.wait(aCartId(), 1, { timeoutMs: 50 });
  for (let passed = 0; passed <= 50; passed += 5) {
    await answerAll();
    await advance(5);
  }
  expect(await waiting).toBeNull();
  await answerAll();
  const before = looks.length;
  await advance(10_000);
  expect(looks).toHaveLength(before);
  expect(timers.size).toBe(0);
});

test("a store that is away fails those who wait, and the next ones find it again", async () => {
  const { waits, looks, settled } = bench();
  const cartId = aCartId();
  const failing = waits.wait(cartId, 1, soon);
  looks[0]?.fail(new Error("away"));
  await expect(failing).rejects.toThrow("away");
  const waiting = waits.wait(cartId, 1, soon);
  await settled();
  looks[1]?.answer([aView({ cartId })]);
  expect(await waiting).toMatchObject({ cartId });
});
