import type { Cart, ExistingCart } from "@cartwright/cart-domain/cart";
import { allLines } from "@cartwright/cart-domain/lines";
import { startCheckout as decideStartCheckout } from "@cartwright/cart-domain/start-checkout";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CheckoutStatus } from "@cartwright/contracts/checkout-shapes";
import { CheckoutId } from "@cartwright/contracts/ids";
import { Instant, instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput, type InputOf } from "../carts/command-input.ts";
import { type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";

export const StartCheckout = z.strictObject({ ...commandInput, paymentToken: PaymentToken });
export type StartCheckout = z.output<typeof StartCheckout>;

export type CheckoutReply = {
  readonly checkoutId: CheckoutId;
  readonly status: CheckoutStatus;
  /** By when it has ended, one way or the other. */
  readonly deadline: Date;
  /** Of the cart, and of its last event in its shard of the log. */
  readonly version: number;
  readonly position: bigint;
};

export type StartCheckoutDeps = RunDeps & { readonly checkoutLimitMs: number };

/** Begins to pay for what is in a cart. However many ask at once, it is one checkout, and each is told of it. */
export const startCheckout =
  (deps: StartCheckoutDeps) =>
  async (caller: Caller, input: InputOf<typeof StartCheckout>): Promise<Answer<CheckoutReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId, paymentToken } = input;
    const outcome = await runCommand(deps, {
      name: "checkout",
      caller,
      access: access.value,
      input,
      decide: (cart, now) => {
        const deadline = instantOf(new Date(Date.parse(now) + deps.checkoutLimitMs));
        const quote = cart.status === "Absent" ? emptyQuote : quoteOfLines(cart);
        const facts = { quote, quoteHash: null, stock: [], shipTo: null, clientAddress: null, deviceId: null };
        return decideStartCheckout({ cartId, paymentToken, ...facts, deadline, now }, cart);
      },
      answerOf: (events) => {
        const started = events.find((event) => event.type === "CheckoutStarted");
        return started ? { checkoutId: started.data.checkoutId, deadline: started.data.deadline } : null;
      },
    });
    if (outcome.outcome !== "accepted") return refusalOnly(replyOf(outcome, input));
    const { state } = await deps.handler.load(cartStreamId(cartId));
    const { version, position } = outcome;
    return { ok: true, value: { ...begunBy(outcome.answer, state), version, position } };
  };

const quoteOfLines = ({ lines, currency }: ExistingCart) =>
  plainQuote(
    allLines(lines).map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
    { amountMinor: lines.totalMinor, currency },
  );
const emptyQuote = plainQuote([], { amountMinor: 0, currency: "EUR" });

const Begun = z.object({ checkoutId: CheckoutId, deadline: Instant });

/** What this command, or its first try, has begun; of one that changed nothing, the checkout that was running. */
const begunBy = (answer: unknown, cart: Cart): Pick<CheckoutReply, "checkoutId" | "status" | "deadline"> => {
  const latest = cart.status === "Absent" ? null : cart.checkout;
  const begun = answer === null ? latest : Begun.parse(answer);
  if (!begun) throw new TypeError("a checkout was accepted and there is none");
  // An attempt that is followed by another one has failed.
  const status = latest?.checkoutId === begun.checkoutId ? latest.status : "Failed";
  return { checkoutId: begun.checkoutId, status, deadline: new Date(begun.deadline) };
};

const refusalOnly = (answer: Answer<unknown>): Extract<Answer<never>, { ok: false }> => {
  if (answer.ok) throw new TypeError("what was not accepted is refused");
  return answer;
};
