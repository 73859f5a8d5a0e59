import { PaymentId } from "@cartwright/contracts/ids";
import * as z from "zod";
import { withScope } from "../context.ts";
import { paymentConditions, paymentStatuses } from "../payments/payment.ts";
import type { ShownPayment } from "../payments/payments.ts";
import { AtLeastPosition, caughtUp } from "./at-least-position.ts";

/** Which payments are listed; both, where both are said. */
export const PaymentFilter = z.strictObject({
  status: z.enum(paymentStatuses).optional(),
  condition: z.enum(paymentConditions).optional(),
});

const PaymentList = PaymentFilter.extend({
  /** The last payment of the page before. */
  after: PaymentId.optional(),
  limit: z.int().min(1).max(100).default(50),
  atLeastPosition: AtLeastPosition.optional(),
});

/**
 * Payments, newest first. The books, which follow a moment behind, say which; each is told as it is now, and one that is not what was asked
 * for any more is left out, so that a page may be shorter than its limit while `next` says that there are more.
 */
export const paymentList = withScope("billing:read")
  .input(PaymentList)
  .query(async ({ ctx: { services }, input: { atLeastPosition, ...question } }) => {
    await caughtUp(services.books, atLeastPosition);
    const listed = await services.books.list(question);
    const payments = await Promise.all(listed.map(({ paymentId }) => services.payments.get(paymentId)));
    const last = listed.at(-1);
    return {
      payments: payments.flatMap((payment) => (payment && isAsked(payment, question) ? payment : [])),
      next: last && listed.length === question.limit ? last.paymentId : null,
    };
  });

const isAsked = (payment: ShownPayment, { status, condition }: z.output<typeof PaymentFilter>) =>
  (status === undefined || payment.status === status) && (condition === undefined || payment.conditions.includes(condition));
