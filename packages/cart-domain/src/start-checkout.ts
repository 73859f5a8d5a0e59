import type { CartEvent } from "@cartwright/contracts/cart-events";
import { checkoutIdOf } from "@cartwright/contracts/checkout-ids";
import type { CheckoutLine } from "@cartwright/contracts/checkout-shapes";
import type { CartId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { PaymentToken } from "@cartwright/contracts/payment-shapes";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { type Cart, checkoutOf, type NotOpenRefusal, whyNotOpen } from "./cart.ts";
import { allLines, type Lines } from "./lines.ts";

export type StartCheckout = {
  cartId: CartId;
  paymentToken: PaymentToken;
  /** When a checkout that this begins has failed, unless it has ended by then. */
  deadline: Instant;
  now: Instant;
};
export type StartCheckoutRefusal = NotOpenRefusal | RefusalOf<"CartEmpty" | "NothingToPay">;

/** Freezes the cart for the payment. However often it is asked for the same, there is one checkout; by another card it has to wait. */
export const startCheckout = (command: StartCheckout, cart: Cart): Decision<CartEvent, StartCheckoutRefusal> => {
  const { cartId, paymentToken, deadline, now } = command;
  if (cart.status === "CheckingOut" && checkoutOf(cart).paymentToken === paymentToken) return accept();
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  if (cart.lines.count === 0) return refuse({ code: "CartEmpty", cartId });
  if (cart.lines.totalMinor === 0) return refuse({ code: "NothingToPay", cartId });

  const attempt = (cart.checkout?.attempt ?? 0) + 1;
  const { owner, ownerKind, currency } = cart;
  return accept({
    type: "CheckoutStarted",
    data: {
      cartId,
      checkoutId: checkoutIdOf(cartId, attempt),
      attempt,
      owner,
      ownerKind,
      lines: checkoutLines(cart.lines),
      amount: { amountMinor: cart.lines.totalMinor, currency },
      paymentToken,
      deadline,
      startedAt: now,
    },
  });
};

export const checkoutLines = (lines: Lines): readonly CheckoutLine[] =>
  allLines(lines).map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }));
