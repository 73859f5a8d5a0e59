import type { Cart } from "@cartwright/cart-domain/cart";
import { expireCart } from "@cartwright/cart-domain/expire-cart";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { OwnerKind } from "@cartwright/contracts/cart-shapes";
import { type Actor, EventMetadata } from "@cartwright/contracts/event-metadata";
import { CartId, SubjectId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { accept } from "@cartwright/decider/decision";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { BatchHandler, Handlers } from "@cartwright/messaging/handlers";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { cancelTimers, type DueTimer, scheduleTimers, type Timer, type TimerHandler } from "@cartwright/messaging/timers";
import type postgres from "postgres";

/** For how long nothing may happen to a cart before it expires, in milliseconds. */
export type IdleLimits = Readonly<Record<OwnerKind, number>>;

export type CartExpiryDeps = {
  readonly handler: CommandHandler<Cart, CartEvent>;
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly idleLimitsMs: IdleLimits;
  readonly now: () => Date;
};

export const cartExpiryKind = "cart-expiry";

/**
 * A cart has one timer from its opening to its end. What happens in between does not move it: when it is due, and the cart was
 * active since, it is set anew. So a busy cart costs no more than an idle one.
 */
export const cartExpiryHandlers = ({
  schema,
  idleLimitsMs,
}: Pick<CartExpiryDeps, "schema" | "idleLimitsMs">): Handlers<CartEvent, TableTools, void> => {
  const keep: BatchHandler<CartEvent, TableTools, void> = {
    async batch(received, { tx }) {
      const timers = new Map<string, Timer | null>();
      for (const { event } of received) {
        const { cartId } = event.data;
        if (event.type !== "CartOpened") timers.set(timerId(cartId), null);
        else timers.set(timerId(cartId), timerOf(cartId, Date.parse(event.data.openedAt) + idleLimitsMs[event.data.ownerKind]));
      }
      const entries = [...timers];
      await cancelTimers(
        tx,
        schema,
        entries.flatMap(([id, timer]) => (timer ? [] : [id])),
      );
      await scheduleTimers(
        tx,
        schema,
        entries.flatMap(([, timer]) => timer ?? []),
      );
    },
  };
  return { CartOpened: keep, CartCancelled: keep, CartExpired: keep, CartMergedIntoAnother: keep, OrderPlaced: keep };
};

/** Expires the cart if it was idle for so long, else sets the timer to when it will have been. */
export const expireIdleCart =
  (deps: CartExpiryDeps): TimerHandler =>
  async (timer) => {
    const cartId = CartId.parse(timer.payload.cartId);
    const outcome = await tryToExpire(deps, cartId, timer);
    if (outcome.outcome === "accepted" && outcome.changed) return;
    const { state } = await deps.handler.load(cartStreamId(cartId));
    if (state.status !== "Open" && state.status !== "CheckingOut") return;
    const idleAt = Date.parse(state.updatedAt) + deps.idleLimitsMs[state.ownerKind];
    // A cart that is being paid does not expire: it is looked at again once that must have ended.
    const dueAt = state.status === "Open" ? idleAt : Math.max(idleAt, deps.now().getTime() + paidWithinMs);
    await scheduleTimers(deps.sql, deps.schema, [timerOf(cartId, dueAt)]);
  };

const tryToExpire = ({ handler, idleLimitsMs, now }: CartExpiryDeps, cartId: CartId, timer: DueTimer) => {
  const at = instantOf(now());
  return handler.handle({
    streamId: cartStreamId(cartId),
    key: timer.key,
    fingerprint: timer.key,
    metadata: EventMetadata.parse({ correlationId: timer.key, actor: theClock }),
    decide: (cart) =>
      cart.status === "Absent" ? accept() : expireCart({ cartId, idleLimitMs: idleLimitsMs[cart.ownerKind], now: at }, cart),
  });
};

const theClock: Actor = { subject: SubjectId.parse("cart-expiry"), kind: "system" };

const paidWithinMs = 60_000;

const timerId = (cartId: CartId) => `cart-expiry:${cartId}`;

const timerOf = (cartId: CartId, dueAt: number): Timer => ({
  id: timerId(cartId),
  dueAt: new Date(dueAt),
  kind: cartExpiryKind,
  streamId: cartStreamId(cartId),
  payload: { cartId },
});
