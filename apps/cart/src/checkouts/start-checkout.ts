import type { Cart, ExistingCart } from "@cartwright/cart-domain/cart";
import {
  alreadyDecided,
  startCheckout as decideStartCheckout,
  type StartCheckout as StartCheckoutCommand,
} from "@cartwright/cart-domain/start-checkout";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import type { CheckoutStatus } from "@cartwright/contracts/checkout-shapes";
import { CheckoutId } from "@cartwright/contracts/ids";
import { Instant, instantOf } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { Contact, DeviceId, ShipTo } from "@cartwright/contracts/personal-data";
import { QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Sealed } from "@cartwright/contracts/sealed";
import { type Decision, refuse } from "@cartwright/decider/decision";
import type { Outcome } from "@cartwright/event-log/command-handler";
import * as z from "zod";
import { type Access, accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput, type InputOf } from "../carts/command-input.ts";
import { digestedInput } from "../carts/digested-input.ts";
import { forbids, type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";
import { agreedTotal, agreementOf } from "../quotes/quote-hash.ts";
import { type QuoteDeps, type Quoted, quoteOfCart } from "../quotes/quote-of-cart.ts";
import { claimRefusal } from "./claim-refusal.ts";
import { type PersonalDigest, type Seal, sealContact, sealShipTo } from "./sealing.ts";

export const StartCheckout = z.strictObject({
  ...commandInput,
  /** What the shopper agreed to: see `cart.quote`. */
  quoteHash: QuoteHash,
  /** How they are reached, where the cart does not say it yet, or says something else. */
  contact: Contact.optional(),
  /** Where it goes: needed by a shop that taxes by country or ships what it sells. */
  shipTo: ShipTo.optional(),
  /** Needed by a shop that ships what it sells. */
  shippingMethodId: ShippingMethodId.optional(),
  /** Only what costs nothing needs none. */
  paymentToken: PaymentToken.optional(),
  deviceId: DeviceId.optional(),
});
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

export type StartCheckoutDeps = RunDeps &
  QuoteDeps & { readonly checkoutLimitMs: number; readonly seal: Seal; readonly digest: PersonalDigest };

type Input = InputOf<typeof StartCheckout>;

/** Begins to pay for what is in a cart. However many ask at once, it is one checkout, and each is told of it. */
export const startCheckout =
  (deps: StartCheckoutDeps) =>
  async (caller: Caller, input: Input): Promise<Answer<CheckoutReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { cartId } = input;
    const starting = { caller, access: access.value, input };
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const outcome = await startOnce(deps, starting);
      if (outcome === "stale") continue;
      if ("ok" in outcome) return outcome;
      if (outcome.outcome === "claimed") {
        const { state } = await deps.handler.load(cartStreamId(cartId));
        return { ok: false, refusal: await claimRefusal(deps, outcome, state) };
      }
      if (outcome.outcome !== "accepted") return refusalOnly(replyOf(outcome, input));
      const { state } = await deps.handler.load(cartStreamId(cartId));
      const { version, position } = outcome;
      return { ok: true, value: { ...begunBy(outcome.answer, state), version, position } };
    }
    throw new CheckoutContended(`the cart ${cartId} changed ${maxAttempts} times while its checkout was begun`);
  };

const maxAttempts = 5;

export class CheckoutContended extends Error {
  override readonly name = "CheckoutContended";
  readonly retryable = true;
}

type Starting = { readonly caller: Caller; readonly access: Access; readonly input: Input };
type Refused = Extract<Answer<never>, { ok: false }>;

/** On the cart as it is now; `stale` where it was another one by the time that it was decided. */
const startOnce = async (deps: StartCheckoutDeps, starting: Starting): Promise<Outcome<Refusal> | Refused | "stale"> => {
  const { caller, access, input } = starting;
  const { cartId, quoteHash, paymentToken = null } = input;
  const { state, version } = await deps.handler.load(cartStreamId(cartId));
  const forbidden = forbids({ cart: state, version, access, input: { cartId }, opens: false });
  if (forbidden || state.status === "Absent") return { ok: false, refusal: forbidden ?? { code: "CartNotFound", cartId } };
  const identity = await digestedInput(deps.digest, { owner: state.owner, input, personal: ["contact", "shipTo", "deviceId"] });
  const prepared = state.status === "Open" ? await prepare(deps, starting, state) : null;
  let isStale = false;

  const outcome = await runCommand(deps, {
    ...{ name: "checkout", caller, access, input, identity },
    decide: (cart, now, seen): Decision<CartEvent, Refusal> => {
      if (cart.status !== "Open") return alreadyDecided({ cartId, paymentToken }, cart);
      isStale = !prepared || seen !== version;
      if (!prepared || isStale) return refuse({ code: "VersionMismatch", expected: version, actual: seen });
      if (!prepared.ok) return refuse(prepared.refusal);
      const deadline = instantOf(new Date(Date.parse(now) + deps.checkoutLimitMs));
      return decideStartCheckout({ ...prepared.value, cartId, quoteHash, paymentToken, deadline, now }, cart);
    },
    answerOf: (events) => {
      const started = events.find((event) => event.type === "CheckoutStarted");
      return started ? { checkoutId: started.data.checkoutId, deadline: started.data.deadline } : null;
    },
  });
  return isStale && outcome.outcome === "refused" ? "stale" : outcome;
};

type Prepared = Pick<StartCheckoutCommand, "quote" | "stock" | "contact" | "shipTo" | "clientAddress" | "deviceId">;

/** What the shopper would pay for this cart, if they agreed to it, and what is known of them, sealed. */
const prepare = async (deps: StartCheckoutDeps, { caller, access, input }: Starting, cart: ExistingCart): Promise<Answer<Prepared>> => {
  const { cartId, contact, shipTo, shippingMethodId = null, deviceId } = input;
  if (cart.lines.count === 0) return { ok: false, refusal: { code: "CartEmpty", cartId } };
  if (!contact && !cart.contact) return { ok: false, refusal: { code: "ContactMissing", cartId } };
  const missing = access.mayPrice ? null : await whatIsMissing(deps, input);
  if (missing) return { ok: false, refusal: missing };
  const asked = { cart, country: shipTo?.country ?? null, shippingMethodId, atListPrices: !access.mayPrice, now: instantOf(deps.now()) };
  const quoted = await quoteOfCart(deps, asked);
  if (!quoted.ok) return quoted;
  const refusal = whyNotAgreed(input.quoteHash, quoted.value);
  if (refusal) return { ok: false, refusal };

  const { owner } = cart;
  const { clientAddress } = caller;
  const fields = { ...(clientAddress !== undefined && { clientAddress }), ...(deviceId !== undefined && { deviceId }) };
  const sealed: Partial<Record<"clientAddress" | "deviceId", Sealed>> = await deps.seal(owner, fields);
  return {
    ok: true,
    value: {
      quote: quoted.value.quote,
      stock: quoted.value.stock,
      contact: contact ? await sealContact(deps.seal, owner, contact) : null,
      shipTo: shipTo ? await sealShipTo(deps.seal, owner, shipTo) : null,
      clientAddress: sealed.clientAddress ?? null,
      deviceId: sealed.deviceId ?? null,
    },
  };
};

/** Nobody is spared shipping or tax by not saying where it goes; a back end that sets prices has settled that elsewhere. */
const whatIsMissing = async ({ shop }: StartCheckoutDeps, { cartId, shipTo, shippingMethodId }: Input): Promise<Refusal | null> => {
  if (!shippingMethodId && (await shop.ships())) return { code: "ShippingMethodMissing", cartId };
  if (!shipTo && (shippingMethodId || (await shop.taxRates()).length > 0)) return { code: "ShipToMissing", cartId };
  return null;
};

/** What costs more than was agreed to, or is something else, is not paid without being asked; what costs less is passed on. */
const whyNotAgreed = (agreed: QuoteHash, { quote, hash, notices }: Quoted): Refusal | null => {
  const retired = notices.find(({ code }) => code === "ProductRetired");
  if (retired?.code === "ProductRetired") return retired;
  const agreement = agreementOf(agreed, hash);
  if (agreement === "same" || agreement === "cheaper") return null;
  const { total } = quote.totals;
  return { code: "QuoteChanged", agreed: agreedTotal(agreed, quote), total, quoteHash: hash, goodsChanged: agreement === "otherGoods" };
};

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
