import { removeItem as decideRemoveItem } from "@cartwright/cart-domain/remove-item";
import { ProductId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

export const RemoveItem = z.strictObject({ ...commandInput, productId: ProductId });
export type RemoveItem = z.output<typeof RemoveItem>;

export const removeItem = existingCartCommand<InputOf<typeof RemoveItem>>("removeItem", decideRemoveItem);
