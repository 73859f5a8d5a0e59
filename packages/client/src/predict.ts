import { addItem } from "@cartwright/cart-domain/add-item";
import { cancelCart } from "@cartwright/cart-domain/cancel-cart";
import type { Cart } from "@cartwright/cart-domain/cart";
import { clearCart } from "@cartwright/cart-domain/clear-cart";
import { lineOf } from "@cartwright/cart-domain/lines";
import { removeItem } from "@cartwright/cart-domain/remove-item";
import { setQuantity } from "@cartwright/cart-domain/set-quantity";
import { undoRemoval } from "@cartwright/cart-domain/undo-removal";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { Decision } from "@cartwright/decider/decision";
import { unreachable } from "@cartwright/decider/unreachable";
import type { CartCommand, CommandOf } from "./cart-command.ts";

export type Prediction = Decision<CartEvent, Refusal>;

/** What the service will decide, by the same code; null where only the service knows the product. */
export const predict = (command: CartCommand, cart: Cart, at: { cartId: CartId; now: Instant }): Prediction | null => {
  switch (command.type) {
    case "addItem":
      return predictAddItem(command, cart, at);
    case "setQuantity":
      return setQuantity({ ...command, ...at }, cart);
    case "removeItem":
      return removeItem({ ...command, ...at }, cart);
    case "clear":
      return clearCart(at, cart);
    case "undo":
      return undoRemoval(at, cart);
    case "cancel":
      return cancelCart(at, cart);
    default:
      return unreachable(command);
  }
};

const predictAddItem = (command: CommandOf<"addItem">, cart: Cart, at: { cartId: CartId; now: Instant }): Prediction | null => {
  const { productId, quantity } = command;
  const offer = offerOf(command, cart);
  return offer === null ? null : addItem({ ...at, ...nobody, ...offer, productId, quantity }, cart);
};

/** What the shopper saw, or what the line says that is in the cart already. */
const offerOf = ({ product: seen, productId }: CommandOf<"addItem">, cart: Cart) => {
  if (seen) {
    const { name, category, image, price } = seen;
    return { product: { name, category, image }, unitPrice: price };
  }
  return cart.status === "Absent" ? null : (lineOf(cart.lines, productId) ?? null);
};

// Whose cart it becomes is the service's to say. Subjects hold no spaces, so this is none.
const nobody = { owner: "not opened yet" as SubjectId, ownerKind: "guest" } as const;
