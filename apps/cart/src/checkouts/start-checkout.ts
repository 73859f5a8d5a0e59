import type { Cart } from "@cartwright/cart-domain/cart";
import { checkoutAgain, startCheckout as decideStartCheckout } from "@cartwright/cart-domain/start-checkout";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CheckoutState, CheckoutStatus } from "@cartwright/contracts/checkout-shapes";
import { CheckoutId } from "@cartwright/contracts/ids";
import { Instant, instantOf } from "@cartwright/contracts/instant";
import type { Refusal } from "@cartwright/contracts/refusals";
import { type Decision, refuse } from "@cartwright/decider/decision";
import type { Outcome } from "@cartwright/event-log/command-handler";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { digestedInput } from "../carts/digested-input.ts";
import { forbids, type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";
import { claimRefusal, type Wanted } from "./claim-refusal.ts";
import { type PrepareCheckoutDeps, prepareCheckout, type StartCheckoutInput, type Starting } from "./prepare-checkout.ts";
import { sameCheckout } from "./same-checkout.ts";
import type { PersonalDigest, Unseal } from "./sealing.ts";

export type CheckoutReply = {
  readonly checkoutId: CheckoutId;
  readonly status: CheckoutStatus;
  /** By when it has ended, one way or the other. */
  readonly deadline: Date;
  /** Of the cart, and of its last event in its shard of the log. */
  readonly version: number;
  readonly position: bigint;
};

export type StartCheckoutDeps = RunDeps &
  PrepareCheckoutDeps & { readonly checkoutLimitMs: number; readonly unseal: Unseal; readonly digest: PersonalDigest };

/**
 * Begins to pay for what is in a cart. However many ask at once, it is one checkout, and each who agreed to the same is told of it; who
 * agreed to something else is told that another one runs.
 */
export const startCheckout =
  (deps: StartCheckoutDeps) =>
  async (caller: Caller, input: StartCheckoutInput): Promise<Answer<CheckoutReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId } = input;
    const starting = { caller, access: access.value, input };
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const tried = await startOnce(deps, starting);
      if (tried === "stale") continue;
      if ("ok" in tried) return tried;
      const { outcome, wanted, running } = tried;
      if (outcome.outcome === "claimed" && wanted) return { ok: false, refusal: claimRefusal(outcome, wanted) };
      if (outcome.outcome !== "accepted") return refusalOnly(replyOf(outcome, input));
      const { state } = await deps.handler.load(cartStreamId(cartId));
      const { version, position } = outcome;
      return { ok: true, value: { ...begunBy(outcome.answer ?? running, state), version, position } };
    }
    throw new CheckoutContended(`the cart ${cartId} changed ${maxAttempts} times while its checkout was begun`);
  };

const maxAttempts = 5;

export class CheckoutContended extends Error {
  override readonly name = "CheckoutContended";
  readonly retryable = true;
}

type Refused = Extract<Answer<never>, { ok: false }>;
type Tried = {
  readonly outcome: Outcome<Refusal>;
  /** What it was to claim. */
  readonly wanted: Wanted | null;
  /** What runs already, or has run, and is what was asked for. */
  readonly running: z.input<typeof Begun> | null;
};

/** On the cart as it is now; `stale` where it was another one by the time that it was decided. */
const startOnce = async (deps: StartCheckoutDeps, starting: Starting): Promise<Tried | Refused | "stale"> => {
  const { caller, access, input } = starting;
  const { cartId, quoteHash, paymentToken = null } = input;
  const { state, version } = await deps.handler.load(cartStreamId(cartId));
  const forbidden = forbids({ cart: state, version, access, input: { cartId }, opens: false });
  if (forbidden || state.status === "Absent") return { ok: false, refusal: forbidden ?? { code: "CartNotFound", cartId } };
  const seen = state.checkout;
  const same = await sameCheckout(deps.unseal, input, state);
  const running = same && seen;
  const prepared = state.status === "Open" ? await prepareCheckout(deps, starting, state) : null;
  // After what it says is sealed: that makes the person's key where there is none, and who is refused gets none.
  const identity = await digestedInput(deps.digest, { owner: state.owner, input, personal });
  let isStale = false;

  const outcome = await runCommand(deps, {
    ...{ name: "checkout", caller, access, input, identity },
    decide: (cart, now, versionNow): Decision<CartEvent, Refusal> => {
      if (cart.status !== "Open" && !prepared && isOf(seen, cart)) return checkoutAgain({ cartId, same }, cart);
      isStale = !prepared || cart.status !== "Open" || versionNow !== version;
      if (!prepared || isStale) return refuse({ code: "VersionMismatch", expected: version, actual: versionNow });
      if (!prepared.ok) return refuse(prepared.refusal);
      const { stock, ...facts } = prepared.value;
      const claims = stock.map(({ stockId, quantity }) => ({ stockId, quantity }));
      return decideStartCheckout({ ...facts, stock: claims, cartId, quoteHash, paymentToken, deadline: deadlineOf(deps, now), now }, cart);
    },
    answerOf: (events) => {
      const begun = events.find((event) => event.type === "CheckoutStarted")?.data ?? running;
      return begun ? { checkoutId: begun.checkoutId, deadline: begun.deadline } : null;
    },
  });
  if (isStale && outcome.outcome === "refused") return "stale";
  return { outcome, wanted: prepared?.ok ? prepared.value : null, running };
};

const personal = ["contact", "shipTo", "deviceId", "clientAddress"] as const;

/** A checkout that has come further meanwhile is still the same. */
const isOf = (seen: CheckoutState | null, cart: Cart) => cart.status !== "Absent" && cart.checkout?.checkoutId === seen?.checkoutId;

const deadlineOf = ({ checkoutLimitMs }: StartCheckoutDeps, now: Instant) => instantOf(new Date(Date.parse(now) + checkoutLimitMs));

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

const refusalOnly = (answer: Answer<unknown>): Refused => {
  if (answer.ok) throw new TypeError("what was not accepted is refused");
  return answer;
};
