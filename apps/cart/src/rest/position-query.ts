import * as z from "zod";
import { AtLeastPosition } from "../carts/at-least-position.ts";

const { atLeastPosition, positionOf } = AtLeastPosition.shape;

/** Of lists: what a client has done is in them. */
export const positionQuery = {
  atLeastPosition: z
    .string()
    .regex(/^\d{1,19}$/, "must be a whole number")
    .transform(BigInt)
    .pipe(atLeastPosition.unwrap())
    .optional()
    .describe("The position that a command answered; what was done with it is in the list"),
  positionOf: positionOf.describe("The id of the cart, checkout or order that the command was about"),
};
