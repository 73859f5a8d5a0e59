import { withScope } from "../context.ts";
import { answerOf, commandOf, PaymentAmountInput } from "./payment-command.ts";

/** Takes what an order waits for, in whole or in part; what is not taken is given back by the provider. */
export const paymentCapture = withScope("billing:write")
  .input(PaymentAmountInput)
  .mutation(async (call) => answerOf(await call.ctx.services.commands.capture(commandOf(call))));
