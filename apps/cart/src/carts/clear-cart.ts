import { clearCart as decideClearCart } from "@cartwright/cart-domain/clear-cart";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

export const ClearCart = z.strictObject(commandInput);
export type ClearCart = z.output<typeof ClearCart>;

export const clearCart = existingCartCommand<InputOf<typeof ClearCart>>("clear", decideClearCart);
