import { withScope } from "../context.ts";
import { answerOf, commandOf, PaymentCommandInput } from "./payment-command.ts";

/** Asks the provider how the payment stands, and records what was missed. */
export const paymentReconcile = withScope("billing:write")
  .input(PaymentCommandInput)
  .mutation(async (call) => answerOf(await call.ctx.services.commands.reconcile(commandOf(call))));
