import * as z from "zod";
import { withScope } from "../context.ts";

const PaymentTotals = z.strictObject({ from: z.iso.date(), to: z.iso.date() });

/** What was taken and given back, by day (UTC) and currency, both days included. */
export const paymentTotals = withScope("billing:read")
  .input(PaymentTotals)
  .query(({ ctx, input }) => ctx.services.books.totals(input));
