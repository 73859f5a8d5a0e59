import { Day } from "@cartwright/contracts/day";
import * as z from "zod";
import { withScope } from "../context.ts";
import { AtLeastPosition, caughtUp } from "./at-least-position.ts";

const PaymentTotals = z.strictObject({ from: Day, to: Day, atLeastPosition: AtLeastPosition.optional() });

/**
 * What was taken and given back, by day (UTC) and currency, both days included. The day is the one on which it was written down here: one
 * that is over does not change any more.
 */
export const paymentTotals = withScope("billing:read")
  .input(PaymentTotals)
  .query(async ({ ctx: { services }, input: { atLeastPosition, ...days } }) => {
    await caughtUp(services.books, atLeastPosition);
    return services.books.totals(days);
  });
