import type { CallContext } from "@cartwright/service-kit/call-context";
import type { ReadableLog } from "@cartwright/service-kit/log-procedures";
import type { ParkedStreams } from "@cartwright/service-kit/parked-procedures";
import { trpcFor } from "@cartwright/service-kit/trpc";
import type { Books } from "./books/books.ts";
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

export const { router, withScope, createCallerFactory } = trpcFor<Context, BillingRefusal>();
