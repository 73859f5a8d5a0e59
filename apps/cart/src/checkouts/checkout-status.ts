import { cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { type CartId, CheckoutId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { type ShownCheckout, shownCheckout } from "../carts/shown-cart.ts";
import { recordLook, type SupportReads } from "../carts/support-reads.ts";
import { type AttemptDeps, checkoutAsItIs } from "./checkout-as-it-is.ts";

export const GetCheckoutStatus = z.strictObject({
  checkoutId: CheckoutId,
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type GetCheckoutStatus = z.output<typeof GetCheckoutStatus>;

export type CheckoutStatusDeps = AttemptDeps & { readonly supportReads: SupportReads; readonly now: () => Date };

export type CheckoutStatusReply = ShownCheckout & { readonly cartId: CartId };

/** Where a checkout has come to, as this moment's log has it. One of somebody else's cart is answered as one that is not there. */
export const checkoutStatus =
  (deps: CheckoutStatusDeps) =>
  async (caller: Caller, input: GetCheckoutStatus): Promise<Answer<CheckoutStatusReply>> => {
    const { checkoutId } = input;
    const cartId = cartOfCheckout(checkoutId);
    const notFound: Answer<never> = { ok: false, refusal: { code: "CheckoutNotFound", checkoutId } };
    const access = accessOf(caller, input);
    if (!access.ok) return access;
    const { state } = await deps.handler.load(cartStreamId(cartId));
    if (state.status === "Absent") return notFound;
    const denied = access.value.denies(state);
    if (denied) return denied.code === "CartNotFound" ? notFound : { ok: false, refusal: denied };
    await recordLook(deps, { caller, access: access.value, question: "checkout" }, state);
    const found = await checkoutAsItIs(deps, checkoutId);
    return found ? { ok: true, value: { cartId, ...shownCheckout(found) } } : notFound;
  };
