import { sameMoney } from "@cartwright/contracts/same-money";
import type { CartCommand, CommandOf, SeenProduct } from "./cart-command.ts";

/**
 * The one command that comes to the same as two that follow each other, or null. To the same where both are accepted: whoever has it
 * refused asks for each by itself.
 */
export const coalesce = (earlier: CartCommand, later: CartCommand): CartCommand | null => {
  if (earlier.type === "addItem" && later.type === "addItem") return coalesceAdds(earlier, later);
  if (earlier.type === "setQuantity" && later.type === "setQuantity" && earlier.productId === later.productId)
    // A removal between the two is something that an undo brings back.
    return earlier.quantity > 0 && later.quantity > 0 ? later : null;
  return null;
};

/** Whether it makes no difference which of two commands comes first, as long as the cart's limits are far. */
export const commute = (left: CartCommand, right: CartCommand): boolean =>
  changesOneLine(left) && changesOneLine(right) && left.productId !== right.productId;

const coalesceAdds = (earlier: CommandOf<"addItem">, later: CommandOf<"addItem">): CartCommand | null =>
  earlier.productId === later.productId && samePrice(earlier.product, later.product)
    ? { ...later, quantity: earlier.quantity + later.quantity }
    : null;

const samePrice = (left: SeenProduct | undefined, right: SeenProduct | undefined): boolean =>
  left && right ? sameMoney(left.price, right.price) : left === right;

const changesOneLine = (command: CartCommand): command is CommandOf<"addItem" | "setQuantity"> =>
  command.type === "addItem" || (command.type === "setQuantity" && command.quantity > 0);
