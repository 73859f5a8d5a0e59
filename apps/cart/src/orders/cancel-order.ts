import { cancelOrder as decideCancelOrder } from "@cartwright/cart-domain/cancel-order";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { CheckoutId, OrderId } from "@cartwright/contracts/ids";
import type { OrderStatus } from "@cartwright/contracts/order-view";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput } from "../carts/command-input.ts";
import { type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";
import { cartOfOrder, orderStreamId } from "./order-of.ts";

const { idempotencyKey, reason } = commandInput;

export const CancelOrder = z.strictObject({
  orderId: OrderId,
  /** Whether what is paid already is for sale again; what is not paid yet always is. The shop says it, shoppers need not. */
  restock: z.boolean().default(false),
  idempotencyKey,
  reason,
});
export type CancelOrder = z.output<typeof CancelOrder>;

export type CancelOrderReply = {
  readonly orderId: OrderId;
  readonly status: OrderStatus;
  /** Of the cart, and of its last event in its shard of the log. */
  readonly version: number;
  readonly position: bigint;
};

/** Cancels an order. What was paid is paid back by billing, which hears of it. */
export const cancelOrder =
  (deps: RunDeps) =>
  async (caller: Caller, { orderId, ...input }: CancelOrder): Promise<Answer<CancelOrderReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const found = await cartOfOrder(deps, orderId, access.value);
    if (!found.ok) return found;
    const { restock, ...fields } = input;
    const by = access.value.actor.kind === "guest" || access.value.actor.kind === "user" ? "shopper" : "shop";
    const command = { ...fields, cartId: cartOfCheckout(CheckoutId.parse(orderId)) };
    const outcome = await runCommand(deps, {
      name: "cancelOrder",
      caller,
      access: access.value,
      input: { ...command, ...{ orderId, restock } },
      decide: (cart, now) => decideCancelOrder({ orderId, by, restock: by === "shop" && restock, now }, cart),
    });
    const reply = replyOf(outcome, command);
    if (!reply.ok) return reply;
    const { state } = await deps.handler.load(orderStreamId(orderId));
    const status = state.status === "Absent" || !state.order ? "cancelled" : state.order.status;
    return { ok: true, value: { orderId, status, version: reply.value.version, position: reply.value.position } };
  };
