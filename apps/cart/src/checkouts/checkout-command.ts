import type { Cart } from "@cartwright/cart-domain/cart";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { CheckoutId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput } from "../carts/command-input.ts";
import { type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";
import { type ShownCheckout, shownCheckout } from "../carts/shown-cart.ts";
import { type AttemptDeps, checkoutAsItIs } from "./checkout-as-it-is.ts";

const { idempotencyKey, reason } = commandInput;

/** What every command on a checkout takes. */
export const CheckoutCommand = z.strictObject({ checkoutId: CheckoutId, idempotencyKey, reason });
export type CheckoutCommand = z.output<typeof CheckoutCommand>;

export type CheckoutCommandReply = ShownCheckout & {
  /** Of the cart, and of its last event in its shard of the log. */
  readonly version: number;
  readonly position: bigint;
};

type Decide = (command: { checkoutId: CheckoutId; now: Instant }, cart: Cart) => Decision<CartEvent, Refusal>;

/** A command of the domain on a checkout, as it is given by a caller. One of somebody else is answered as one that is not there. */
export const checkoutCommand =
  (name: string, decide: Decide) =>
  (deps: RunDeps & AttemptDeps) =>
  async (caller: Caller, input: CheckoutCommand): Promise<Answer<CheckoutCommandReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { checkoutId } = input;
    const notFound: Answer<never> = { ok: false, refusal: { code: "CheckoutNotFound", checkoutId } };
    const command = { ...input, cartId: cartOfCheckout(checkoutId) };
    const outcome = await runCommand(deps, {
      ...{ name, caller, access: access.value, input: command },
      decide: (cart, now) => decide({ checkoutId, now }, cart),
    });
    const reply = replyOf(outcome, command);
    if (!reply.ok) return reply.refusal.code === "CartNotFound" ? notFound : reply;
    const view = await checkoutAsItIs(deps, checkoutId);
    const { version, position } = reply.value;
    return view ? { ok: true, value: { ...shownCheckout(view), version, position } } : notFound;
  };
