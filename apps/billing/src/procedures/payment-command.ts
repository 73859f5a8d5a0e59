import { Actor } from "@cartwright/contracts/event-metadata";
import { IdempotencyKey, PaymentId, SubjectId } from "@cartwright/contracts/ids";
import { Money } from "@cartwright/contracts/money";
import { lineOfText } from "@cartwright/contracts/text";
import type { Principal } from "@cartwright/service-kit/principal";
import * as z from "zod";
import type { CommandAnswer, PaymentCommand } from "../payments/payment-commands.ts";
import { refusalError } from "../refusals.ts";

/** What every command on a payment takes. */
export const PaymentCommandInput = z.strictObject({
  paymentId: PaymentId,
  /** A retry under the same key gets the first answer. Without one each call is a command of its own. */
  idempotencyKey: IdempotencyKey.optional(),
  /** Why somebody does it by hand. */
  reason: lineOfText(500).optional(),
});

/** The same of an amount; all that there is, unless it is said. */
export const PaymentAmountInput = PaymentCommandInput.extend({
  amount: Money.refine(({ amountMinor }) => amountMinor > 0, "must be more than nothing").optional(),
});

type Call = {
  readonly ctx: { readonly principal: Principal; readonly correlationId: string };
  readonly input: z.output<typeof PaymentAmountInput>;
};

/** Who gives the command, and for what. */
export const commandOf = ({ ctx, input: { reason, ...asked } }: Call): PaymentCommand => {
  const { subject, kind } = ctx.principal;
  const actor = Actor.parse({ subject: SubjectId.parse(subject), kind, ...(reason !== undefined && { reason }) });
  return { ...asked, actor, correlationId: ctx.correlationId };
};

/** @throws {RefusalError} where it was refused. */
export const answerOf = (answer: CommandAnswer) => {
  if (!answer.ok) throw refusalError(answer.refusal);
  const { paymentId, version, position } = answer;
  return { paymentId, version, position };
};
