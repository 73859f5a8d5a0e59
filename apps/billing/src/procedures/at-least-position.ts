import { PaymentId } from "@cartwright/contracts/ids";
import * as z from "zod";
import type { Books } from "../books/books.ts";
import { refusalError } from "../refusals.ts";

/** The position that a command on a payment answered: the books answer no older than that. */
export const AtLeastPosition = z.strictObject({ paymentId: PaymentId, position: z.bigint().nonnegative() });

/** Waits for the books. @throws {RefusalError} where they do not come so far in time. */
export const caughtUp = async (books: Pick<Books, "reach">, atLeast: z.output<typeof AtLeastPosition> | undefined): Promise<void> => {
  if (atLeast && !(await books.reach(atLeast)))
    throw refusalError({ code: "PositionNotReached", paymentId: atLeast.paymentId, atLeast: String(atLeast.position) });
};
