import { PaymentId } from "@cartwright/contracts/ids";
import { lineOfText } from "@cartwright/contracts/text";
import * as z from "zod";
import { withScope } from "../context.ts";
import { paymentConditions } from "../payments/payment.ts";
import { answerOf, commandOf } from "./payment-command.ts";

const PaymentReconcileMany = z.strictObject({
  condition: z.enum(paymentConditions).default("unknown"),
  /** The last payment of the page before. */
  after: PaymentId.optional(),
  limit: z.int().min(1).max(100).default(50),
  reason: lineOfText(500).optional(),
});

/** Asks the provider how a page of payments stand, newest first, that are in a condition: those whose outcome is unknown, unless it is said. */
export const paymentReconcileMany = withScope("billing:write")
  .input(PaymentReconcileMany)
  .mutation(async ({ ctx, input: { reason, ...question } }) => {
    const listed = await ctx.services.books.list(question);
    const ask = ({ paymentId }: { paymentId: PaymentId }) =>
      ctx.services.commands.reconcile(commandOf({ ctx, input: { paymentId, ...(reason !== undefined && { reason }) } }));
    const answers = await Promise.all(listed.map(ask));
    const last = listed.at(-1);
    return { asked: answers.map(answerOf), next: last && listed.length === question.limit ? last.paymentId : null };
  });
