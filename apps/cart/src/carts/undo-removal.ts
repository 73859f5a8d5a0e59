import { undoRemoval as decideUndoRemoval } from "@cartwright/cart-domain/undo-removal";
import * as z from "zod";
import { commandInput, type InputOf } from "./command-input.ts";
import { existingCartCommand } from "./existing-cart-command.ts";

export const UndoRemoval = z.strictObject(commandInput);
export type UndoRemoval = z.output<typeof UndoRemoval>;

export const undoRemoval = existingCartCommand<InputOf<typeof UndoRemoval>>("undo", decideUndoRemoval);
