import { withScope } from "../context.ts";
import { answerOf, commandOf, PaymentAmountInput } from "./payment-command.ts";

/** Gives back what was taken, all that is left or so much of it; never more than was taken in all. */
export const paymentRefund = withScope("billing:write")
  .input(PaymentAmountInput)
  .mutation(async (call) => answerOf(await call.ctx.services.commands.refund(commandOf(call))));
