import { CartId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import type { CartListPlace } from "./cart-views.ts";

/** A place in a list of carts as text for a client, to whom it means nothing. */
export const encodeCartListCursor = ({ at, cartId }: CartListPlace): string =>
  btoa(`${at}${separator}${cartId}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Undefined for what is no cursor. */
export const decodeCartListCursor = (text: string): CartListPlace | undefined => {
  const [at, cartId, ...more] = decoded(text).split(separator);
  const place = { at: Instant.safeParse(at), cartId: CartId.safeParse(cartId) };
  if (!place.at.success || !place.cartId.success || more.length > 0) return undefined;
  return { at: place.at.data, cartId: place.cartId.data };
};

const separator = " ";

const decoded = (text: string): string => {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return "";
  }
};
