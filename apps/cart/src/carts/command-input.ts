import { CartId, IdempotencyKey } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";

/** What every command on a cart takes. */
export const commandInput = {
  cartId: CartId,
  /** A retry under the same key gets the first answer. Without one each call is a command of its own. */
  idempotencyKey: IdempotencyKey.optional(),
  /** The version that the shopper saw; anywhere else the command is refused. */
  expectedVersion: z.int().nonnegative().optional(),
  /** Why support does it. */
  reason: lineOfText(500).optional(),
};

/** As in {@link commandInput}, and what `If-Match` can say besides: one of these versions, or any as long as the cart exists. */
export type ExpectedVersion = number | readonly number[] | "exists";

/** The input of a command, however it came. */
export type InputOf<Schema extends z.ZodType> = Omit<z.output<Schema>, "expectedVersion"> & {
  expectedVersion?: ExpectedVersion | undefined;
};
