import { expect, test } from "vitest";
import { cartViewsOver } from "./cart-views-over.ts";
import { aView } from "./testing/views.ts";

const older = aView({ version: 1 });
const newer = { ...older, version: 2 };
const { cartId } = older;

/** A store that holds what the test says. */
const bench = () => {
  let stored = older;
  let reads = 0;
  const views = cartViewsOver(
    {
      async getMany() {
        reads += 1;
        return new Map([[cartId, stored]]);
      },
      list: async () => ({ views: [], next: null }),
    },
    { rememberLines: 100 },
  );
  return {
    views,
    reads: () => reads,
    store(view: typeof stored) {
      stored = view;
    },
  };
};

test("what is told is remembered, and the store is not asked", async () => {
  const { views, reads } = bench();
  views.applied([newer]);
  expect(await views.get(cartId)).toBe(newer);
  expect(reads()).toBe(0);
});

test("while not everything is told, nothing is remembered, and neither is what was before", async () => {
  const { views, store, reads } = bench();
  views.applied([older]);
  views.remember?.(false);
  store(newer);
  expect(await views.get(cartId)).toBe(newer);
  views.applied([older]);
  expect(await views.get(cartId)).toBe(newer);
  views.remember?.(true);
  expect(await views.get(cartId)).toBe(newer);
  expect(await views.get(cartId)).toBe(newer);
  expect(reads()).toBe(3);
});

test("who waits is woken all the same", async () => {
  const { views } = bench();
  views.remember?.(false);
  const waiting = views.waitForVersion(cartId, 2, { timeoutMs: 60_000 });
  views.applied([newer]);
  expect(await waiting).toBe(newer);
});
