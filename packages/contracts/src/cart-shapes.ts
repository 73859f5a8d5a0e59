import * as z from "zod";
import { maxPiecesOfProduct } from "./cart-limits.ts";
import { lineOfText } from "./text.ts";

export const Pieces = z.int().min(1).max(maxPiecesOfProduct);

export const OwnerKind = z.enum(["guest", "user"]);
export type OwnerKind = z.infer<typeof OwnerKind>;

/** A cart is `CheckingOut` while it is being paid, and opens again when that fails; `Ordered` and those behind it are for ever. */
export const CartStatus = z.enum(["Open", "CheckingOut", "Ordered", "Cancelled", "Expired", "Merged"]);
export type CartStatus = z.infer<typeof CartStatus>;

/** `http:`, `https:` or a path on the shop's own site; never a scheme that a browser would run. */
export const ImageUrl = lineOfText(2048).regex(/^(https?:\/\/|\/(?!\/))\S+$/, "must be an http(s) URL or a path");

/** A product as the shopper saw it when it was put into the cart. */
export const ProductSnapshot = z.strictObject({ name: lineOfText(200), category: lineOfText(100).nullable(), image: ImageUrl.nullable() });
export type ProductSnapshot = z.infer<typeof ProductSnapshot>;
