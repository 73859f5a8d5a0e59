import type { CartServiceRouter } from "@cartwright/cart/router";
import type { ClientOf } from "./client-of.ts";

/** Every procedure of the cart service but those by which services follow each other. */
export type CartService = Omit<ClientOf<CartServiceRouter>, "log" | "parked">;
