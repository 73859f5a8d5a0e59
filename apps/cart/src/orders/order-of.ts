import type { ExistingCart } from "@cartwright/cart-domain/cart";
import { cartStreamId } from "@cartwright/contracts/cart-events";
import { cartOfCheckout } from "@cartwright/contracts/checkout-ids";
import { CheckoutId, type OrderId } from "@cartwright/contracts/ids";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Access } from "../carts/access.ts";
import type { CartQueriesDeps } from "../carts/cart-queries.ts";

type Found =
  | { readonly ok: true; readonly cart: ExistingCart; readonly version: number; readonly position: bigint }
  | { readonly ok: false; readonly refusal: RefusalOf<"OrderNotFound" | "ReasonMissing"> };

/** The cart that an order is of: it lives on its stream. One of somebody else is answered as one that is not there. */
export const cartOfOrder = async (
  { handler }: Pick<CartQueriesDeps, "handler">,
  orderId: OrderId,
  { denies }: Pick<Access, "denies">,
): Promise<Found> => {
  const notFound: Found = { ok: false, refusal: { code: "OrderNotFound", orderId } };
  const { state, version, position } = await handler.load(orderStreamId(orderId));
  if (state.status === "Absent") return notFound;
  const denied = denies(state);
  if (denied) return denied.code === "CartNotFound" ? notFound : { ok: false, refusal: denied };
  return state.order?.orderId === orderId ? { ok: true, cart: state, version, position } : notFound;
};

export const orderStreamId = (orderId: OrderId): string => cartStreamId(cartOfCheckout(CheckoutId.parse(orderId)));
