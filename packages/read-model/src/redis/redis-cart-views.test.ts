import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { describe, expect, test } from "vitest";
import type { CartListPlace, CartListRequest } from "../cart-views.ts";
import { foldCartView } from "../fold-cart-view.ts";
import { appendCart } from "../testing/shop-log.ts";
import { aCartId, subject } from "../testing/views.ts";
import type { RedisCartViewReader } from "./redis-cart-view-reader.ts";
import { redisCartViews } from "./redis-cart-views.ts";
import { RedisUnavailable } from "./redis-errors.ts";

const away = async () => {
  throw new RedisUnavailable("away");
};
const nothing: RedisCartViewReader = {
  getMany: async () => new Map(),
  list: async () => "filling",
  readiness: async () => ({ version: null, notReady: [] }),
};

/** Thirty carts of a subject in a log, each third one cancelled, with an index beside it. */
const bench = async (reader: Partial<RedisCartViewReader>) => {
  const log = inMemoryEventLog({ name: "cart" });
  const places: CartListPlace[] = [];
  for (let minute = 29; minute >= 0; minute--) {
    const cartId = aCartId();
    await appendCart(log, { cartId, owner: subject, minute, isCancelled: minute % 3 === 0 });
    places.push({ cartId, at: instantOf(new Date(Date.UTC(2026, 0, 31, 9, minute))) });
  }
  const told: unknown[] = [];
  const views = redisCartViews({
    reader: { ...nothing, ...reader },
    fill: async () => false,
    streams: log,
    subjectCarts: {
      async page(_subject, { after, limit }) {
        const from = after ? places.findIndex(({ cartId }) => cartId === after.cartId) + 1 : 0;
        return places.slice(from, from + limit);
      },
    },
    onAway: (error) => told.push(error),
  });
  const expected = await Promise.all(places.map(({ cartId }) => foldCartView(log, cartId)));
  const everyPage = async (request: Omit<CartListRequest, "after">): Promise<readonly CartView[]> => {
    const found: CartView[] = [];
    let after: CartListPlace | null = null;
    do {
      const page = await views.listBySubject(subject, { ...request, ...(after && { after }) });
      found.push(...page.views);
      after = page.next;
    } while (after);
    return found;
  };
  return { log, views, told, expected, everyPage, cartIds: places.map(({ cartId }) => cartId) };
};

describe("with Redis away", () => {
  test("lists are made from the index and the log, and somebody is told", async () => {
    const { everyPage, expected, told } = await bench({ getMany: away, list: away });
    expect(await everyPage({ limit: 7 })).toEqual(expected as never);
    expect(told.length).toBeGreaterThan(0);
  });

  test("health says why it is slower, and that answers go on", async () => {
    const { views } = await bench({ readiness: away });
    expect(await views.check()).toEqual({ ok: true, detail: "Redis is away (away): carts are folded from the log" });
  });

  test("health does not wait for a Redis that hangs as long as a request would", async () => {
    const { promise } = Promise.withResolvers<never>();
    const { views } = await bench({ readiness: () => promise });
    expect(await views.check()).toEqual({ ok: true, detail: "Redis does not answer within 500 ms: carts are folded from the log" });
  });

  test("health tells one that is empty from one that is away", async () => {
    const { views } = await bench({});
    expect(await views.check()).toEqual({ ok: true, detail: "Redis has no views yet: carts are folded from the log" });
  });

  test("a view says that it can't be read, and whoever asks folds the log", async () => {
    const { views, cartIds } = await bench({ getMany: away });
    await expect(views.get(cartIds[0] ?? aCartId())).rejects.toThrow("away");
  });
});

describe("with views that are not ready", () => {
  test("lists come from the log, by status too, each cart once", async () => {
    const { everyPage, expected, told } = await bench({});
    for (const limit of [1, 4, 30]) {
      expect(await everyPage({ limit })).toEqual(expected as never);
      expect(await everyPage({ limit, status: "Cancelled" })).toEqual(expected.filter((view) => view?.status === "Cancelled") as never);
    }
    expect(told).toEqual([]);
  });

  test("health names the shards", async () => {
    const { views } = await bench({ readiness: async () => ({ version: 2, notReady: [3, 4] }) });
    expect(await views.check()).toEqual({ ok: true, detail: "version 2; still being filled: shards 3, 4" });
  });
});

describe("of views that are ready", () => {
  test("those that have run out are folded again", async () => {
    const kept = new Map<CartId, CartView>();
    const under = await bench({
      list: async () => under.cartIds,
      getMany: async (cartIds) => new Map(cartIds.flatMap((cartId) => [...kept].filter(([id]) => id === cartId))),
    });
    for (const view of under.expected.slice(0, 10)) if (view) kept.set(view.cartId, view);
    const page = await under.views.listBySubject(subject, { limit: 30 });
    expect(page).toEqual({ views: under.expected, next: null } as never);
  });

  test("one that has another status by now is not listed by the old one", async () => {
    const under = await bench({ list: async () => under.cartIds.slice(0, 3) });
    const page = await under.views.listBySubject(subject, { limit: 3, status: "Open" });
    expect(page.views.map(({ status }) => status)).toEqual(["Open", "Open"]);
  });
});
