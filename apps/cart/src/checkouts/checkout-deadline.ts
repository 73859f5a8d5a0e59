import type { Cart } from "@cartwright/cart-domain/cart";
import { failCheckout } from "@cartwright/cart-domain/fail-checkout";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { EventMetadata } from "@cartwright/contracts/event-metadata";
import { CheckoutId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { BatchHandler, Handlers } from "@cartwright/messaging/handlers";
import { reactionTo, settled } from "@cartwright/messaging/reaction";
import type { TableTools } from "@cartwright/messaging/table-sink";
import { cancelTimers, scheduleTimers, type Timer, type TimerHandler } from "@cartwright/messaging/timers";
import { traceparentOf } from "@cartwright/service-kit/traced-events";
import * as z from "zod";

export const checkoutDeadlineKind = "checkout-deadline";

/** A checkout has a timer from its beginning to its end. */
export const checkoutDeadlineHandlers = ({ schema }: { readonly schema: string }): Handlers<CartEvent, TableTools, void> => {
  const keep: BatchHandler<CartEvent, TableTools, void> = {
    async batch(received, { tx, log }) {
      const timers = new Map<string, Timer | null>();
      for (const { event, ...context } of received) {
        if (event.type === "CheckoutFailed" || event.type === "OrderPlaced") timers.set(timerId(event.data.checkoutId), null);
        if (event.type !== "CheckoutStarted") continue;
        const { cartId, checkoutId, deadline } = event.data;
        const { metadata } = reactionTo({ ...context, log }, { service: "cart", traceparent: traceparentOf(context.recorded) });
        const payload = { checkoutId, metadata };
        const timer = { id: timerId(checkoutId), dueAt: new Date(deadline), kind: checkoutDeadlineKind, streamId: cartStreamId(cartId) };
        timers.set(timer.id, { ...timer, payload });
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
  return { CheckoutStarted: keep, CheckoutFailed: keep, OrderPlaced: keep };
};

export type EndCheckoutDeps = { readonly handler: CommandHandler<Cart, CartEvent>; readonly now: () => Date };

/** Ends the checkout if it still runs. Whatever was asked for on its behalf hears of that and undoes it. */
export const endOverdueCheckout =
  ({ handler, now }: EndCheckoutDeps): TimerHandler =>
  (timer) => {
    const { checkoutId, metadata } = Payload.parse(timer.payload);
    // Whoever took the timer has seen its time come: a clock that goes back after that does not make it come twice.
    const at = new Date(Math.max(now().getTime(), timer.dueAt.getTime()));
    const command = { checkoutId, reason: "DeadlinePassed", now: instantOf(at) } as const;
    return settled(
      handler.handle({
        streamId: cartStreamId(cartOfCheckout(checkoutId)),
        key: timer.key,
        fingerprint: timer.key,
        metadata,
        decide: (cart) => failCheckout(command, cart),
      }),
    );
  };

const Payload = z.object({ checkoutId: CheckoutId, metadata: EventMetadata });

const timerId = (checkoutId: CheckoutId) => `${checkoutDeadlineKind}:${checkoutId}`;
