import type { PaymentId } from "@cartwright/contracts/ids";
import { refusalErrors } from "@cartwright/service-kit/refusal";

/** Every "no" of this service, beside those of a request that are the same everywhere. */
export type BillingRefusal = { readonly code: "PaymentNotFound"; readonly paymentId: PaymentId };

/** The error to throw of a refusal. */
export const refusalError = refusalErrors<BillingRefusal>({
  PaymentNotFound: { trpc: "NOT_FOUND", title: "There is no such payment" },
});
