import { type Cart, checkoutOf, whyNotOpen } from "@cartwright/cart-domain/cart";
import { couponRemoved } from "@cartwright/cart-domain/remove-coupon";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { ExistingCountry } from "@cartwright/contracts/existing-country";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { Notice } from "@cartwright/contracts/notices";
import { type Quote, type QuoteHash, ShippingMethodId } from "@cartwright/contracts/pricing-shapes";
import { accept, refuse } from "@cartwright/decider/decision";
import * as z from "zod";
import { type Access, accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { commandInput } from "../carts/command-input.ts";
import { type RunDeps, replyOf, runCommand } from "../carts/run-command.ts";
import { recordLook, type SupportReads } from "../carts/support-reads.ts";
import { type QuoteDeps, type Quoted, quoteOfCart } from "./quote-of-cart.ts";

const { cartId, reason } = commandInput;

export const QuoteCart = z.strictObject({
  cartId,
  /** Where it is to go: taxes and shipping are of the country. */
  country: ExistingCountry.optional(),
  shippingMethodId: ShippingMethodId.optional(),
  reason,
});
export type QuoteCart = z.output<typeof QuoteCart>;

export type QuoteReply = {
  readonly cartId: CartId;
  /** Of the cart that this is the quote of. */
  readonly version: number;
  readonly quote: Quote;
  /** What the shopper agrees to when they pay. */
  readonly quoteHash: QuoteHash;
  /** What is not as it was when it was put in. Coupons that hold no longer are taken off by this. */
  readonly notices: readonly Notice[];
};

/** What the cart costs now, and why. Of a cart that is being paid, what is paid for it. */
export const quoteCart =
  (deps: RunDeps & QuoteDeps & { readonly supportReads: SupportReads }) =>
  async (caller: Caller, input: QuoteCart): Promise<Answer<QuoteReply>> => {
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const notices: Notice[] = [];
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const { state, version } = await deps.handler.load(cartStreamId(input.cartId));
      if (attempt === 1 && state.status !== "Absent" && !access.value.denies(state))
        await recordLook(deps, { caller, access: access.value, question: "quote" }, state);
      const frozen = frozenQuote(state, access.value);
      if (frozen) return { ok: true, value: { cartId: input.cartId, version, ...frozen, notices: [] } };
      const refused = whyNoQuote(state, input.cartId, access.value);
      if (refused || state.status !== "Open") return refused ?? notFound(input.cartId);
      const { country = null, shippingMethodId = null } = input;
      const asked = { cart: state, country, shippingMethodId, atListPrices: !access.value.mayPrice, now: instantOf(deps.now()) };
      const quoted = await quoteOfCart(deps, asked);
      if (!quoted.ok) return quoted;
      notices.push(...quoted.value.dropped.map(({ code, problem }): Notice => ({ code: "CouponRemoved", coupon: code, problem })));
      if (quoted.value.dropped.length > 0) {
        const removed = await takeOff(deps, { caller, access: access.value, input, dropped: quoted.value.dropped });
        if (!removed.ok) return removed;
        continue;
      }
      const { quote, hash } = quoted.value;
      return { ok: true, value: { cartId: input.cartId, version, quote, quoteHash: hash, notices: [...notices, ...quoted.value.notices] } };
    }
    throw new QuoteContended(`the coupons of ${input.cartId} changed ${maxAttempts} times while it was quoted`);
  };

const maxAttempts = 5;

export class QuoteContended extends Error {
  override readonly name = "QuoteContended";
  readonly retryable = true;
}

const notFound = (id: CartId): Answer<never> => ({ ok: false, refusal: { code: "CartNotFound", cartId: id } });

const frozenQuote = (cart: Cart, { denies }: Access): Pick<QuoteReply, "quote" | "quoteHash"> | null => {
  if (cart.status !== "CheckingOut" || denies(cart)) return null;
  const { quote, quoteHash } = checkoutOf(cart);
  return quoteHash && { quote, quoteHash };
};

/** Ownership comes first, so that nothing else can be learnt of a foreign cart. */
const whyNoQuote = (cart: Cart, id: CartId, { denies }: Access): Answer<never> | null => {
  if (cart.status === "Absent") return notFound(id);
  const denied = denies(cart);
  if (denied) return { ok: false, refusal: denied };
  if (cart.status !== "Open") return { ok: false, refusal: whyNotOpen(cart, id) };
  return cart.lines.count === 0 ? { ok: false, refusal: { code: "CartEmpty", cartId: id } } : null;
};

type TakingOff = { caller: Caller; access: Access; input: QuoteCart; dropped: Quoted["dropped"] };

/** What the shopper is told of has happened: the cart says that the coupon is off, and why. */
const takeOff = async (deps: RunDeps, { caller, access, input, dropped }: TakingOff) => {
  const fields = { cartId: input.cartId };
  const outcome = await runCommand(deps, {
    ...{ name: "quote", caller, access, input: fields },
    decide: (cart, now) => {
      if (cart.status !== "Open") return refuse(whyNotOpen(cart, input.cartId));
      const still = dropped.filter(({ code }) => cart.coupons.includes(code));
      return accept(...still.map(({ code, problem }) => couponRemoved({ cartId: input.cartId, code, now }, problem)));
    },
  });
  return replyOf(outcome, fields);
};
