import type { CartEvent } from "@cartwright/contracts/cart-events";
import type { OwnerKind, ProductSnapshot } from "@cartwright/contracts/cart-shapes";
import type { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { RefusalOf } from "@cartwright/contracts/refusals";
import { sameMoney } from "@cartwright/contracts/same-money";
import { accept, type Decision, refuse } from "@cartwright/decider/decision";
import { brokenLimit, type LimitRefusal } from "./broken-limit.ts";
import { type Cart, evolve, whyNotOpen } from "./cart.ts";
import { lineOf } from "./lines.ts";
import { cartOpened } from "./open-cart.ts";

export type AddItem = {
  cartId: CartId;
  /** Whose cart it becomes where this opens it; the currency is then that of the price. */
  owner: SubjectId;
  ownerKind: OwnerKind;
  productId: ProductId;
  product: ProductSnapshot;
  /** 1 or more. */
  quantity: number;
  /** What one piece costs now. */
  unitPrice: Money;
  now: Instant;
};
export type AddItemRefusal = LimitRefusal | RefusalOf<"CartNotFound" | "CartClosed" | "CheckoutInProgress" | "CurrencyMismatch">;

/** Adds to what is there, and opens the cart where there is none. A line whose price has changed is repriced in the open. */
export const addItem = (command: AddItem, before: Cart): Decision<CartEvent, AddItemRefusal> => {
  const { cartId, productId, product, quantity, unitPrice, now } = command;
  const opening = before.status === "Absent" ? [cartOpened({ ...command, currency: unitPrice.currency })] : [];
  const cart = opening.reduce(evolve, before);
  if (cart.status !== "Open") return refuse(whyNotOpen(cart, cartId));
  if (unitPrice.currency !== cart.currency) return refuse({ code: "CurrencyMismatch", cart: cart.currency, given: unitPrice.currency });

  const line = lineOf(cart.lines, productId);
  const wanted = { productId, product, quantity: (line?.quantity ?? 0) + quantity, unitPrice, ordinal: cart.nextOrdinal };
  const broken = brokenLimit(cart.lines, wanted);
  if (broken) return refuse(broken);

  const repricing: readonly CartEvent[] =
    line && !sameMoney(line.unitPrice, unitPrice)
      ? [{ type: "CartItemRepriced", data: { cartId, productId, from: line.unitPrice, to: unitPrice, repricedAt: now } }]
      : [];
  return accept(...opening, ...repricing, {
    type: "ItemAddedToCart",
    data: { cartId, productId, product, quantity, unitPrice, addedAt: now },
  });
};
