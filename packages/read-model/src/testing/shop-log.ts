import { type CartEvent, cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { EventLog } from "@cartwright/event-log/event-log";

type Opening = { cartId: CartId; owner: SubjectId; minute?: number; isCancelled?: boolean };

/** For tests: a cart in the log, opened at a minute of an hour. */
export const appendCart = async (
  log: Pick<EventLog, "append">,
  { cartId, owner, minute = 0, isCancelled = false }: Opening,
): Promise<void> => {
  const at = instantOf(new Date(Date.UTC(2026, 0, 31, 9, minute)));
  const opened = cartEvents.encode({ type: "CartOpened", data: { cartId, owner, ownerKind: "user", currency: "EUR", openedAt: at } });
  const cancelled = cartEvents.encode({ type: "CartCancelled", data: { cartId, cancelledAt: at } });
  await append(log, cartId, isCancelled ? [opened, cancelled] : [opened]);
};

/** For tests: all that happened to a cart, from its first event on. */
export const appendEvents = async (log: Pick<EventLog, "append">, cartId: CartId, events: readonly CartEvent[]): Promise<void> =>
  append(log, cartId, events.map(cartEvents.encode));

const append = async (log: Pick<EventLog, "append">, cartId: CartId, encoded: readonly ReturnType<typeof cartEvents.encode>[]) => {
  const events = encoded.map((event) => ({ ...event, eventId: crypto.randomUUID(), metadata: {} }));
  await log.append({
    commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: events.length }],
    streams: [{ streamId: cartStreamId(cartId), expect: "noStream", events }],
  });
};
