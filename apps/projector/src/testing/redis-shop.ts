import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import type { EventLog } from "@cartwright/event-log/event-log";
import { aCartId, asNew, eventsOfSteps, type ShoppingStep } from "./shopping.ts";

const natBelow = (limit: number) => Math.floor(Math.random() * limit);
export const someSteps = (count: number): ShoppingStep[] =>
  Array.from({ length: count }, () => [natBelow(1_000), natBelow(20), natBelow(1_000)]);

/** For tests: carts whose shoppers go on, and a journal of what was acknowledged to them. */
export const shoppers = (log: Pick<EventLog, "append">, { carts = 30, steps = 40 } = {}) => {
  const open = new Map(Array.from({ length: carts }, () => [aCartId(), []] as [CartId, ReturnType<typeof asNew>[]]));
  for (const [cartId, events] of open) events.push(...eventsOfSteps(cartId, someSteps(steps)).map(asNew));
  const journal = new Map<CartId, number>();
  return {
    /** The version that each cart's shopper knows of. */
    journal,
    isDone: () => open.size === 0,
    /** One more append of some cart, in the order of that cart. Answers which, null when all have done everything. */
    async next(): Promise<CartId | null> {
      const cartIds = [...open.keys()];
      const cartId = cartIds[natBelow(cartIds.length)];
      const events = cartId === undefined ? undefined : open.get(cartId);
      if (cartId === undefined || events === undefined) return null;
      const some = events.splice(0, 1 + natBelow(3));
      if (events.length === 0) open.delete(cartId);
      if (some.length === 0) return cartId;
      await log.append({
        commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: some.length }],
        streams: [{ streamId: cartStreamId(cartId), expect: "any", events: some }],
      });
      journal.set(cartId, (journal.get(cartId) ?? 0) + some.length);
      return cartId;
    },
  };
};
