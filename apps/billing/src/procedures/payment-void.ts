import { withScope } from "../context.ts";
import { answerOf, commandOf, PaymentCommandInput } from "./payment-command.ts";

/** Gives back what the provider holds. */
export const paymentVoid = withScope("billing:write")
  .input(PaymentCommandInput)
  .mutation(async (call) => answerOf(await call.ctx.services.commands.void(commandOf(call))));
