import type { CheckoutId } from "@cartwright/contracts/ids";
import { refusalErrors } from "@cartwright/service-kit/refusal";

/** Every "no" of this service, beside those of a request that are the same everywhere. */
export type FraudRefusal = { readonly code: "AssessmentNotFound"; readonly checkoutId: CheckoutId };

/** The error to throw of a refusal. */
export const refusalError = refusalErrors<FraudRefusal>({
  AssessmentNotFound: { trpc: "NOT_FOUND", title: "There is no such assessment" },
});
