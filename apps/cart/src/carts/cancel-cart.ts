import { cancelCart as decideCancelCart } from "@cartwright/cart-domain/cancel-cart";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

export const CancelCart = z.strictObject(commandInput);
export type CancelCart = z.output<typeof CancelCart>;

export const cancelCart = existingCartCommand<InputOf<typeof CancelCart>>("cancel", decideCancelCart);
