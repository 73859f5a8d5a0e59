import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { expect, test } from "vitest";
import type { CartListPlace } from "./cart-views.ts";
import { listFromLog } from "./lists-from-log.ts";
import { orderEvents } from "./testing/orders.ts";
import { appendEvents } from "./testing/shop-log.ts";
import { aCartId, subject } from "./testing/views.ts";

const atMinute = (minute: number) => instantOf(new Date(Date.UTC(2026, 0, 31, 9, minute)));

test("orders are listed from the log by when they were placed, however long ago their carts were opened", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const opened: CartListPlace[] = [];
  const placed: Instant[] = [];
  for (let minute = 0; minute < 50; minute++) {
    const cartId = aCartId();
    const placedAt = atMinute(50 + ((minute * 7) % 50));
    const events = orderEvents({ cartId, openedAt: atMinute(minute), placedAt });
    const isOrdered = minute % 3 > 0;
    await appendEvents(log, cartId, isOrdered ? events : events.slice(0, -1));
    opened.unshift({ cartId, at: atMinute(minute) });
    if (isOrdered) placed.push(placedAt);
  }
  const subjectCarts = {
    async page(_subject: unknown, { after, limit }: { after?: CartListPlace; limit: number }) {
      const from = after ? opened.findIndex(({ cartId }) => cartId === after.cartId) + 1 : 0;
      return opened.slice(from, from + limit);
    },
  };

  for (const limit of [1, 10, 33, 100]) {
    const found: (Instant | undefined)[] = [];
    let after: CartListPlace | null = null;
    do {
      const page = await listFromLog({ streams: log, subjectCarts }, subject, { by: "placedAt", limit, ...(after && { after }) });
      expect(page.views.length).toBeLessThanOrEqual(limit);
      found.push(...page.views.map(({ order }) => order?.placedAt));
      after = page.next;
    } while (after);
    expect(found).toEqual(placed.toSorted().toReversed());
  }
});
