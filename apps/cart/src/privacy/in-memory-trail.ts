import { type CartEvent, cartEvents } from "@cartwright/contracts/cart-events";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { LogReader } from "@cartwright/event-log/event-log";
import type { TrailOf } from "./trail.ts";

/** For tests, and where there is no PostgreSQL: it reads the whole log. */
export const inMemoryTrail =
  (log: Pick<LogReader, "read" | "shards">): TrailOf =>
  async (subject) => {
    const events = await allCartEvents(log);
    const owners = new Map<CartId, SubjectId>();
    const merges: { readonly from: CartId; readonly into: CartId }[] = [];
    for (const { type, data } of events) {
      if (type === "CartOpened") owners.set(data.cartId, data.owner);
      if (type === "CartMergedIntoAnother") merges.push({ from: data.cartId, into: data.intoCartId });
    }
    const subjects = new Set([subject]);
    // A set is walked on over what is added meanwhile.
    for (const each of subjects) {
      for (const { from, into } of merges) {
        const guest = owners.get(from);
        if (owners.get(into) === each && guest !== undefined) subjects.add(guest);
      }
    }
    const carts = events.flatMap(({ type, data }) => (type === "CartOpened" && subjects.has(data.owner) ? [data] : []));
    const newestFirst = carts.toSorted((one, other) => Date.parse(other.openedAt) - Date.parse(one.openedAt));
    return { subjects: [...subjects], cartIds: newestFirst.map(({ cartId }) => cartId) };
  };

const allCartEvents = async ({ read, shards }: Pick<LogReader, "read" | "shards">): Promise<readonly CartEvent[]> => {
  const cursors = Array.from({ length: shards }, (_, shard) => ({ shard, after: 0n }));
  const recorded = await read(cursors, Number.MAX_SAFE_INTEGER);
  return recorded.filter(({ type }) => cartEvents.knows(type)).map(cartEvents.decode);
};
