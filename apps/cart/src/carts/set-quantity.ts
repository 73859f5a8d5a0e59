import { setQuantity as decideSetQuantity } from "@cartwright/cart-domain/set-quantity";
import { ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

/** Zero removes the line. */
export const SetQuantity = z.strictObject({ ...commandInput, productId: ProductId, quantity: z.int().nonnegative() });
export type SetQuantity = z.output<typeof SetQuantity>;

export const setQuantity = existingCartCommand<InputOf<typeof SetQuantity>>("setQuantity", decideSetQuantity);
