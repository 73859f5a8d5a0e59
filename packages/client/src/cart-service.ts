import type { CartServiceRouter } from "@cartwright/cart/router";
import type { ClientOf } from "./client-of.ts";

/** Every procedure of the cart service. */
export type CartService = ClientOf<CartServiceRouter>;
