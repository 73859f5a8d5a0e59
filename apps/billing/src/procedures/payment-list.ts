import { PaymentId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { withScope } from "../context.ts";
import { paymentStatuses } from "../payments/payment.ts";

const PaymentList = z.strictObject({
  status: z.enum(paymentStatuses).optional(),
  /** The last payment of the page before. */
  after: PaymentId.optional(),
  limit: z.int().min(1).max(100).default(50),
});

/** Payments, newest first, by the books, which follow a moment behind; each is told as it is now. */
export const paymentList = withScope("billing:read")
  .input(PaymentList)
  .query(async ({ ctx: { services }, input }) => {
    const listed = await services.books.list(input);
    const payments = await Promise.all(listed.map(({ paymentId }) => services.payments.get(paymentId)));
    const last = listed.at(-1);
    return { payments: payments.flatMap((payment) => payment ?? []), next: last && listed.length === input.limit ? last.paymentId : null };
  });
