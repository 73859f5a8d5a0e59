import type { Cart } from "@cartwright/cart-domain/cart";
import { viewOf } from "@cartwright/cart-domain/view-of";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { Notice } from "@cartwright/contracts/notices";
import type { Refusal } from "@cartwright/contracts/refusals";
import type { CartCommand } from "./cart-command.ts";

/** All that a page shows of a live cart. A new object whenever anything in it is new, and only then. */
export type LiveCartState = {
  readonly status: LiveStatus;
  /** With what is pending already in it. Null before it is loaded, and where there is no such cart yet. */
  readonly cart: LiveCartView | null;
  /** Whether the service has told the cart at all. */
  readonly loaded: boolean;
  /** That the service has told: the number of events. */
  readonly version: number;
  /** What the shopper did that the service has not answered yet. */
  readonly pending: number;
  /** What the shopper should hear of, oldest first, until it is dismissed. */
  readonly told: readonly Told[];
  /** Why the status is `ended`. */
  readonly refusal: Refusal | null;
};

/**
 * `live`: what is shown is what is. `catchingUp`: it is about to be. `offline`: the service can't be reached; what the shopper does is
 * kept. `ended`: the service refuses to tell.
 */
export type LiveStatus = "catchingUp" | "live" | "offline" | "ended";

/** As `cart.view` answers it. */
export type LiveCartView = Omit<CartView, "openedAt" | "updatedAt"> & { readonly openedAt: Date; readonly updatedAt: Date };

/** Something that came of a command: why it was undone, or what it was not as expected in. */
export type Told = { readonly id: number; readonly command: CartCommand } & (
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "notice"; readonly notice: Notice }
  /** A fault of the service; whether it was done, the cart will show. */
  | { readonly kind: "failed"; readonly error: unknown }
);

/** What a command came to. */
export type Settled =
  | { readonly outcome: "accepted"; readonly version: number; readonly notices: readonly Notice[] }
  | { readonly outcome: "refused"; readonly refusal: Refusal }
  /** It was never sent: its signal was aborted, or the live cart closed, before. */
  | { readonly outcome: "withdrawn" }
  /** It was never taken: so many commands wait already. */
  | { readonly outcome: "queueFull" }
  /** A fault of the service; whether it was done, the cart will show. */
  | { readonly outcome: "failed"; readonly error: unknown };

/** Before anything is known, as it is rendered on a server. */
export const initialState: LiveCartState = {
  status: "catchingUp",
  cart: null,
  loaded: false,
  version: 0,
  pending: 0,
  told: [],
  refusal: null,
};

export const viewed = (cart: Cart, version: number): LiveCartView | null => {
  if (cart.status === "Absent") return null;
  const { openedAt, updatedAt, ...view } = viewOf(cart, version);
  return { ...view, openedAt: new Date(openedAt), updatedAt: new Date(updatedAt) };
};
