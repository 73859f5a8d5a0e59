import type { Cart } from "@cartwright/cart-domain/cart";
import { checkoutView } from "@cartwright/cart-domain/view-of";
import { type CartEvent, cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import type { CheckoutView } from "@cartwright/contracts/checkout-shapes";
import { type CartId, CheckoutId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import type { CommandHandler } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import * as z from "zod";
import { accessOf } from "../carts/access.ts";
import type { Answer } from "../carts/answer.ts";
import type { Caller } from "../carts/caller.ts";
import { cartModel } from "../carts/cart-model.ts";
import { type ShownCheckout, shownCheckout } from "../carts/shown-cart.ts";
import { recordLook, type SupportReads } from "../carts/support-reads.ts";

export const GetCheckoutStatus = z.strictObject({
  checkoutId: CheckoutId,
  /** Why support looks. */
  reason: lineOfText(500).optional(),
});
export type GetCheckoutStatus = z.output<typeof GetCheckoutStatus>;

export type CheckoutStatusDeps = {
  readonly handler: Pick<CommandHandler<Cart, CartEvent>, "load">;
  readonly log: Pick<EventLog, "readStream">;
  readonly supportReads: SupportReads;
  readonly now: () => Date;
};

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
    const { checkout } = state;
    const found = checkout?.checkoutId === checkoutId ? checkoutView(checkout) : await earlierAttempt(deps.log, { cartId, checkoutId });
    return found ? { ok: true, value: { cartId, ...shownCheckout(found) } } : notFound;
  };

/** The cart remembers its last attempt alone; its stream remembers all. */
const earlierAttempt = async (
  log: Pick<EventLog, "readStream">,
  { cartId, checkoutId }: { cartId: CartId; checkoutId: CheckoutId },
): Promise<CheckoutView | null> => {
  const events = (await log.readStream(cartStreamId(cartId))).map(cartModel.decode);
  let view: CheckoutView | null = null;
  for (const { type, data } of events) {
    if (type === "CheckoutStarted" && data.checkoutId === checkoutId) {
      const { amount, deadline, startedAt } = data;
      view = { checkoutId, status: "Started", amount, deadline, action: null, failure: null, orderId: null, startedAt };
    }
    if (view && type === "CheckoutFailed" && data.checkoutId === checkoutId) view = { ...view, status: "Failed", failure: data.reason };
  }
  return view;
};
