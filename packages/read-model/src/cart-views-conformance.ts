import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import { CartView } from "@cartwright/contracts/cart-view";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import { OrderId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { describe, expect, test } from "vitest";
import type { CartViewRecord, CartViewWriter } from "./cart-view-writer.ts";
import type { CartListPlace, CartListRequest, CartViews, CartWritten } from "./cart-views.ts";
import type { CartViewsBesideWriter } from "./cart-views-over.ts";
import { aCartId, aView, subject } from "./testing/views.ts";

export type CartViewsUnderTest = AsyncDisposable & {
  /** In the process that writes. */
  views: CartViewsBesideWriter;
  /** In another process. */
  elsewhere: CartViews;
  /**
   * What `work` applies is there when this resolves, and nothing of it when it rejects. The shard of the cart `reached` has then been
   * projected up to that position.
   */
  flush(work: (writer: CartViewWriter) => Promise<void>, reached?: CartWritten): Promise<void>;
};

/** What every store of cart views promises to those who read and to the projection that writes. */
export const cartViewsConformance = (store: string, open: () => Promise<CartViewsUnderTest>) => {
  describe(`cart views ${store}`, () => {
    const withViews: WithViews = (name, run) =>
      test(name, async () => {
        await using under = await open();
        const apply = async (...records: readonly CartViewRecord[]) => {
          await under.flush((writer) => writer.apply(records));
          under.views.applied(records.map(({ view }) => view));
        };
        await run({ ...under, apply });
      }, 30_000);
    writingPromises(withViews);
    listPromises(withViews);
    positionPromises(withViews);
    waitingPromises(withViews);
  });
};

type Bench = Omit<CartViewsUnderTest, typeof Symbol.asyncDispose> & { apply(...records: readonly CartViewRecord[]): Promise<void> };
type WithViews = (name: string, run: (bench: Bench) => Promise<void>) => void;

const recordOf = (view: CartView): CartViewRecord => ({ view, remainder: { of: view.version } });
const aRecord = (parts: Partial<CartView> = {}): CartViewRecord => recordOf(aView(parts));

const anItem = (name: string): CartView["items"][number] => ({
  productId: ProductId.parse("prod-456"),
  name,
  category: null,
  image: "/images/laptop.svg",
  quantity: 9_999,
  unitPrice: { amountMinor: Number.MAX_SAFE_INTEGER, currency: "EUR" },
  lineTotal: { amountMinor: Number.MAX_SAFE_INTEGER, currency: "EUR" },
});

const writingPromises = (withViews: WithViews) => {
  withViews("answer a view as it was written", async ({ views, elsewhere, apply }) => {
    const names = [`"Gaming" \\ 'Laptop'`, "Ноутбук 💻 ノート", "1", "true", "null", "{}", "\\u0000 in letters"];
    const written = aView({ items: names.map(anItem), mergedInto: aCartId(), canUndo: true });
    expect(CartView.safeParse(written).success).toBe(true);
    await apply(recordOf(written));
    expect(await views.get(written.cartId)).toEqual(written);
    expect(await elsewhere.get(written.cartId)).toEqual(written);
  });

  withViews("answer nothing for a cart that has no view", async ({ views, elsewhere }) => {
    expect(await views.get(aCartId())).toBeNull();
    expect(await elsewhere.getMany([aCartId(), aCartId()])).toEqual(new Map());
    expect(await elsewhere.getMany([])).toEqual(new Map());
  });

  withViews("answer many carts at once, those that are there", async ({ views, elsewhere, apply }) => {
    const records = Array.from({ length: 300 }, () => aRecord());
    await apply(...records);
    const expected = new Map(records.map(({ view }) => [view.cartId, view]));
    const asked = [aCartId(), ...expected.keys(), aCartId()];
    expect(await views.getMany(asked)).toEqual(expected);
    expect(await elsewhere.getMany(asked)).toEqual(expected);
  });

  withViews("give the projection back what it wrote, with what it kept beside it", async ({ apply, flush }) => {
    const kept = { view: aView({ version: 3 }), remainder: { ordinals: [0, 2], gone: [{ name: `"quoted" 💻` }], next: null } };
    await apply(kept);
    await flush(async (writer) => {
      expect(await writer.load([kept.view.cartId, aCartId()])).toEqual(new Map([[kept.view.cartId, kept]]));
      expect(await writer.load([])).toEqual(new Map());
    });
  });

  withViews("replace a view whole by a newer one, and by no other", async ({ views, elsewhere, apply, flush }) => {
    const second = aView({ version: 2, items: [anItem("second")] });
    const others = [aView({ version: 7 }), aView({ version: 7 })];
    await apply(recordOf(second), ...others.map(recordOf));
    await flush((writer) =>
      writer.apply([
        aRecord({ cartId: second.cartId, version: 1 }),
        aRecord({ cartId: others[0]?.cartId ?? aCartId(), version: 7, status: "Cancelled" }),
        aRecord({ cartId: others[1]?.cartId ?? aCartId(), version: 6, status: "Cancelled" }),
      ]),
    );
    for (const view of [second, ...others]) expect(await elsewhere.get(view.cartId)).toEqual(view);

    const third = aView({ cartId: second.cartId, version: 3, status: "Merged" });
    await apply(recordOf(third));
    expect(await views.get(second.cartId)).toEqual(third);
    expect(await elsewhere.get(second.cartId)).toEqual(third);
  });

  withViews("hold the newest of what arrives in disorder and several times", async ({ elsewhere, flush }) => {
    const cartIds = Array.from({ length: 5 }, aCartId);
    const arriving = cartIds.flatMap((cartId) => [3, 1, 4, 1, 5, 9, 2, 6].map((version) => aRecord({ cartId, version })));
    await Promise.all(arriving.map((record) => flush((writer) => writer.apply([record]))));
    for (const view of (await elsewhere.getMany(cartIds)).values()) expect(view.version).toBe(9);
  });

  withViews("show nothing of a flush that failed", async ({ elsewhere, flush }) => {
    const record = aRecord();
    const failing = flush(async (writer) => {
      await writer.apply([record]);
      throw new Error("after the write");
    });
    await expect(failing).rejects.toThrow("after the write");
    expect(await elsewhere.get(record.view.cartId)).toBeNull();
  });
};

const atMinute = (minute: number) => instantOf(new Date(Date.UTC(2026, 0, 31, 9, minute)));

const allPages = async (views: CartViews, request: Omit<CartListRequest, "after">, between?: () => Promise<void>) => {
  const pages: (readonly CartView[])[] = [];
  let after: CartListPlace | null | undefined;
  do {
    const page = await views.listBySubject(subject, { ...request, ...(after && { after }) });
    pages.push(page.views);
    after = page.next;
    await between?.();
  } while (after);
  return pages;
};

const listPromises = (withViews: WithViews) => {
  withViews("list a subject's carts, the newest first", async ({ elsewhere, apply }) => {
    const mine = [5, 3, 9, 1].map((minute) => aView({ openedAt: atMinute(minute), items: [anItem("laptop")] }));
    await apply(...mine.map(recordOf), aRecord({ owner: SubjectId.parse("user-12") }), aRecord({ owner: SubjectId.parse("user-1234") }));
    const { views, next } = await elsewhere.listBySubject(subject, { limit: 10 });
    expect(views).toEqual(mine.toSorted((left, right) => (left.openedAt > right.openedAt ? -1 : 1)));
    expect(next).toBeNull();
    expect(await elsewhere.listBySubject(SubjectId.parse("guest-1"), { limit: 10 })).toEqual({ views: [], next: null });
  });

  withViews("page through them once each, also those opened in the same millisecond", async ({ elsewhere, apply }) => {
    const records = Array.from({ length: 23 }, (_, index) => aRecord({ openedAt: atMinute(Math.floor(index / 6)) }));
    await apply(...records);
    for (const limit of [1, 5, 22, 23, 24]) {
      const pages = await allPages(elsewhere, { limit });
      expect(pages.map(({ length }) => length)).toEqual([...Array(Math.ceil(23 / limit) - 1).fill(limit), 23 % limit || limit]);
      expect(new Set(pages.flat().map(({ cartId }) => cartId)).size).toBe(23);
    }
  });

  withViews("neither repeat nor leave out a cart while others come and these change", async ({ elsewhere, apply }) => {
    const records = Array.from({ length: 12 }, (_, index) => aRecord({ openedAt: atMinute(index) }));
    await apply(...records);
    let version = 1;
    const pages = await allPages(elsewhere, { limit: 5 }, async () => {
      version += 1;
      const changed = records.map(({ view }) => recordOf({ ...view, version, updatedAt: atMinute(40 + version) }));
      await apply(aRecord({ openedAt: atMinute(30) }), ...changed);
    });
    expect(pages.flat().map(({ cartId }) => cartId)).toEqual(records.map(({ view }) => view.cartId).toReversed());
  });

  withViews("list by status, as it is now", async ({ elsewhere, apply }) => {
    const statuses: readonly CartStatus[] = ["Open", "Expired", "Cancelled", "Open", "Merged", "Open"];
    const records = statuses.map((status, index) => aRecord({ status, openedAt: atMinute(index) }));
    await apply(...records);
    const openNow = async () => (await allPages(elsewhere, { limit: 2, status: "Open" })).flat().map(({ openedAt }) => openedAt);
    expect(await openNow()).toEqual([atMinute(5), atMinute(3), atMinute(0)]);
    await apply(...records.slice(3, 4).map(({ view }) => recordOf({ ...view, version: 2, status: "Cancelled" })));
    expect(await openNow()).toEqual([atMinute(5), atMinute(0)]);
  });

  withViews("list those that were ordered by when they were, and no other", async ({ elsewhere, apply }) => {
    const placing = [3, 0, 1, 3, 2, 1];
    const opened = placing.map((_, index) => aView({ openedAt: atMinute(index) }));
    await apply(...opened.map(recordOf));
    const ordered = async (limit: number) => (await allPages(elsewhere, { limit, by: "placedAt" })).flat();
    expect(await ordered(4)).toEqual([]);
    await apply(...opened.map((view, index) => recordOf({ ...view, ...orderedAt(placing[index] ?? 0), version: 2 })));
    for (const limit of [1, 2, 5, 6, 7]) {
      const found = await ordered(limit);
      expect(found.map(({ order }) => order?.placedAt)).toEqual([3, 3, 2, 1, 1, 0].map(atMinute));
      expect(new Set(found.map(({ cartId }) => cartId)).size).toBe(6);
    }
    await apply(aRecord({ owner: SubjectId.parse("user-12"), ...orderedAt(9) }), aRecord({ openedAt: atMinute(30) }));
    expect((await ordered(10)).map(({ cartId }) => cartId)).toEqual((await ordered(6)).map(({ cartId }) => cartId));
    expect(await ordered(10)).toHaveLength(6);
  });
};

const positionPromises = (withViews: WithViews) => {
  withViews(
    "list what has been written to a cart as soon as its shard is there, and not before",
    async ({ views, elsewhere, apply, flush }) => {
      await apply(aRecord({ openedAt: atMinute(1) }));
      const written = aView({ openedAt: atMinute(2) });
      const { cartId } = written;
      const asked = { limit: 10, atLeast: { cartId, position: 7n } };
      const waiting = [views, elsewhere].map((each) => each.listBySubject(subject, asked));
      await flush((writer) => writer.apply([recordOf(written)]), { cartId, position: 7n });
      views.applied([written]);
      for (const { views: listed } of await Promise.all(waiting)) expect(listed.map((view) => view.cartId)[0]).toEqual(cartId);
      for (const each of [views, elsewhere]) expect((await each.listBySubject(subject, asked)).views).toHaveLength(2);
    },
  );
};

const orderedAt = (minute: number): Pick<CartView, "status" | "order"> => {
  const none = { amountMinor: 0, currency: "EUR" } as const;
  const orderId = OrderId.parse(checkoutIdOf(aCartId(), 1));
  const state = { status: "placed", paid: none, refunded: none, paymentProblem: null, cancelReason: null } as const;
  return { status: "Ordered", order: { ...state, orderId, placedAt: atMinute(minute) } };
};

const waitingPromises = (withViews: WithViews) => {
  withViews("answer a version that is there without a wait", async ({ views, elsewhere, apply }) => {
    const record = aRecord({ version: 4 });
    await apply(record);
    for (const version of [1, 4]) {
      expect(await views.waitForVersion(record.view.cartId, version, { timeoutMs: 60_000 })).toEqual(record.view);
      expect(await elsewhere.waitForVersion(record.view.cartId, version, { timeoutMs: 60_000 })).toEqual(record.view);
    }
  });

  withViews("wake who waits, in the writer's process and in another, and nobody too early", async ({ views, elsewhere, apply }) => {
    const cartId = aCartId();
    const waiting = [views, elsewhere].flatMap((each) =>
      [1, 2, 3].map(async (version) => (await each.waitForVersion(cartId, version, { timeoutMs: 60_000 }))?.version),
    );
    for (const version of [1, 2, 3]) {
      await apply(aRecord({ cartId, version }));
      const reached = await Promise.all([waiting[version - 1], waiting[version + 2]]);
      for (const each of reached) expect(each).toBeGreaterThanOrEqual(version);
    }
  });

  withViews("give up after a time, or when told to", async ({ views, elsewhere, apply }) => {
    const record = aRecord({ version: 2 });
    await apply(record);
    const { cartId } = record.view;
    expect(await views.waitForVersion(cartId, 3, { timeoutMs: 10 })).toBeNull();
    expect(await elsewhere.waitForVersion(aCartId(), 1, { timeoutMs: 10 })).toBeNull();

    const leaving = new AbortController();
    const waiting = elsewhere.waitForVersion(cartId, 3, { timeoutMs: 60_000, signal: leaving.signal });
    leaving.abort();
    expect(await waiting).toBeNull();
    expect(await elsewhere.waitForVersion(cartId, 3, { timeoutMs: 60_000, signal: leaving.signal })).toBeNull();
  });

  withViews("wake each of very many", async ({ views, elsewhere, apply }) => {
    const cartIds = Array.from({ length: 200 }, aCartId);
    const waiting = [views, elsewhere].flatMap((each) => cartIds.map((cartId) => each.waitForVersion(cartId, 2, { timeoutMs: 60_000 })));
    await apply(...cartIds.map((cartId) => aRecord({ cartId, version: 1 })));
    await apply(...cartIds.map((cartId) => aRecord({ cartId, version: 2 })));
    expect((await Promise.all(waiting)).map((view) => view?.version)).toEqual(Array(400).fill(2));
  });
};
