import { expect, test } from "vitest";
import { type CartListsOptions, cartLists } from "./cart-lists.ts";
import type { CartListPage, CartListRead } from "./cart-views.ts";
import { aView, subject } from "./testing/views.ts";

const written = aView({ version: 4 });
const { cartId } = written;
const stored: CartListPage = { views: [written], next: null };
const folded: CartListPage = { views: [aView()], next: null };
const request = { limit: 10, atLeast: { cartId, position: 9n } };
const away = async () => {
  throw new Error("away");
};

/** A store whose answer is what the test says, and a clock that the test moves. */
const bench = (options: Partial<CartListsOptions> = {}) => {
  const timers = new Set<{ at: number; callback: () => void }>();
  let now = 0;
  let reads = 0;
  let answer: () => Promise<CartListRead> = async () => "behind";
  const told: unknown[] = [];
  const lists = cartLists({
    read() {
      reads += 1;
      return answer();
    },
    onAway: (error) => told.push(error),
    waitMs: 1_000,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    ...options,
  });
  return {
    lists,
    told,
    timers,
    reads: () => reads,
    say(next: CartListRead) {
      answer = async () => next;
    },
    fail() {
      answer = away;
    },
    async advance(ms: number) {
      await settled();
      now += ms;
      for (const timer of timers)
        if (timer.at <= now) {
          timers.delete(timer);
          timer.callback();
        }
    },
  };
};

/** Lets everything that is ready go on. */
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test("who is a moment ahead of the projection is answered as soon as it is there", async () => {
  const { lists, advance, say, timers } = bench();
  const asked = lists.page(subject, request);
  await settled();
  say(stored);
  await advance(5);
  expect(await asked).toBe(stored);
  expect(timers.size).toBe(0);
});

test("the process that writes tells of it, and only who waits for that cart looks again", async () => {
  const { lists, say, reads } = bench();
  const asked = lists.page(subject, request);
  await settled();
  lists.tell([aView()]);
  await settled();
  expect(reads()).toBe(1);
  say(stored);
  lists.tell([written]);
  expect(await asked).toBe(stored);
});

test("a projection that does not get there in time is not waited for any longer: the log is folded", async () => {
  const { lists, advance } = bench({ fromLog: async () => folded });
  const asked = lists.page(subject, request);
  await advance(1_000);
  expect(await asked).toBe(folded);
});

test("a projection that is being filled is not waited for at all", async () => {
  const { lists, say } = bench({ fromLog: async () => folded });
  say("filling");
  expect(await lists.page(subject, { limit: 10 })).toBe(folded);
});

test("a store that is away is told of, and the log answers", async () => {
  const { lists, fail, told } = bench({ fromLog: async () => folded });
  fail();
  expect(await lists.page(subject, request)).toBe(folded);
  expect(told).toHaveLength(1);
});

test("where nothing but the store can answer, its error is the answer", async () => {
  const { lists, fail } = bench();
  fail();
  await expect(lists.page(subject, request)).rejects.toThrow("away");
});

test("where nothing is whole, it is waited for, and then said", async () => {
  let isIndexed = false;
  const { lists, advance, say } = bench({ fromLog: async () => (isIndexed ? folded : null) });
  say("filling");
  const early = lists.page(subject, { limit: 10 }).catch((error: unknown) => error);
  await advance(1_000);
  expect(await early).toMatchObject({ name: "ListsNotReady", retryable: true });

  const later = lists.page(subject, { limit: 10 });
  await settled();
  isIndexed = true;
  await advance(5);
  expect(await later).toBe(folded);
});
