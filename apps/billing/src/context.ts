import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ReadableLog } from "@cartwright/service-kit/log-procedures";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { requestRefused } from "@cartwright/service-kit/request-refusal";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { Books } from "./books/books.ts";
import { holdsCardNumber } from "./card-numbers.ts";
import type { PaymentCommands } from "./payments/payment-commands.ts";
import type { Payments } from "./payments/payments.ts";
import type { BillingRefusal } from "./refusals.ts";

export type Services = {
  readonly payments: Payments;
  readonly commands: PaymentCommands;
  readonly books: Books;
  readonly log: ReadableLog;
  readonly parking: ParkedStreams;
};

/** What a procedure of this service is given with each call. */
export type Context = CallContext & { readonly services: Services };

const { router, withScope: anyInput, createCallerFactory } = trpcFor<Context, BillingRefusal>();

export { createCallerFactory, router };

/** A procedure for those with a scope. No card's number comes in by any of them: what looks like one is refused before it is read. */
export const withScope = (scope: string) =>
  anyInput(scope).use(async ({ getRawInput, next }) => {
    if (holdsCardNumber(await getRawInput())) throw requestRefused({ code: "InvalidInput" });
    return next();
  });
