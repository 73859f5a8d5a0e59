import { withScope } from "../context.ts";
import { answerOf, commandOf, PaymentCommandInput } from "./payment-command.ts";

/** Says that somebody has looked at what differs between the provider's account and ours, and at refunds that failed and need not be made. */
export const paymentAcknowledge = withScope("billing:write")
  .input(PaymentCommandInput)
  .mutation(async (call) => answerOf(await call.ctx.services.commands.acknowledge(commandOf(call))));
