import { type CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { expect, test } from "vitest";
import { comparePlaces } from "./cart-list-page.ts";
import type { CartListOrder, CartListPage, CartListPlace } from "./cart-views.ts";
import { listFromLog } from "./lists-from-log.ts";
import { orderEvents } from "./testing/orders.ts";
import { appendCart, appendEvents } from "./testing/shop-log.ts";
import { aCartId, subject } from "./testing/views.ts";

const atMinute = (minute: number) => instantOf(new Date(Date.UTC(2026, 0, 31, 9, minute)));

test("orders are listed from the log by when they were placed, and for a page no more carts are folded than it needs", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const opened: CartListPlace[] = [];
  const ordered: CartListPlace[] = [];
  for (let minute = 0; minute < 50; minute++) {
    const cartId = aCartId();
    const placedAt = atMinute(50 + ((minute * 7) % 50));
    const events = orderEvents({ cartId, openedAt: atMinute(minute), placedAt });
    const isOrdered = minute % 3 > 0;
    await appendEvents(log, cartId, isOrdered ? events : events.slice(0, -1));
    opened.unshift({ cartId, at: atMinute(minute) });
    if (isOrdered) ordered.push({ cartId, at: placedAt });
  }
  ordered.sort(comparePlaces);
  let folded = 0;
  const streams = {
    readStream(streamId: string) {
      folded += 1;
      return log.readStream(streamId);
    },
  };
  const subjectCarts = {
    async page(_subject: unknown, { by, after, limit }: { by?: CartListOrder; after?: CartListPlace; limit: number }) {
      const places = by === "placedAt" ? ordered : opened;
      const from = after ? places.findIndex(({ cartId }) => cartId === after.cartId) + 1 : 0;
      return places.slice(from, from + limit);
    },
  };

  for (const limit of [1, 10, 33, 100]) {
    folded = 0;
    const found: (Instant | undefined)[] = [];
    let after: CartListPlace | null = null;
    do {
      const page: CartListPage | null = await listFromLog({ streams, subjectCarts }, subject, {
        by: "placedAt",
        limit,
        ...(after && { after }),
      });
      expect(page?.views.length).toBeLessThanOrEqual(limit);
      expect(folded).toBeLessThanOrEqual(Math.max(limit, 20) + 1);
      folded = 0;
      found.push(...(page?.views ?? []).map(({ order }) => order?.placedAt));
      after = page?.next ?? null;
    } while (after);
    expect(found).toEqual(ordered.map(({ at }) => at));
  }
});

test("a cart that was just written is in the list although the index has not heard of it, if it is the subject's", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const [known, written, foreign] = [aCartId(), aCartId(), aCartId()];
  await appendCart(log, { cartId: known, owner: subject, minute: 1 });
  await appendCart(log, { cartId: written, owner: subject, minute: 2 });
  await appendCart(log, { cartId: foreign, owner: SubjectId.parse("user-1234"), minute: 3 });
  const subjectCarts = { page: async () => [{ cartId: known, at: atMinute(1) }] };
  const listed = async (cartId: CartId) => {
    const page = await listFromLog({ streams: log, subjectCarts }, subject, { limit: 10, atLeast: { cartId, position: 1n } });
    return page?.views.map((view) => view.cartId);
  };
  expect(await listed(written)).toEqual([written, known]);
  expect(await listed(known)).toEqual([known]);
  expect(await listed(foreign)).toEqual([known]);
});

test("nothing is answered while the index is being filled", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  expect(await listFromLog({ streams: log, subjectCarts: { page: async () => null } }, subject, { limit: 10 })).toBeNull();
});
