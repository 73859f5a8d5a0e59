import Stripe from "stripe";
import { NotAsked, ProviderAway, ProviderFault, ProviderRefused } from "./payment-provider.ts";
import { codeOf } from "./stripe-states.ts";

/** The card's own no. */
export const isCardError = (error: unknown): error is InstanceType<typeof Stripe.errors.StripeCardError> =>
  error instanceof Stripe.errors.StripeCardError;

/** Stripe will not do that, whoever asks. */
export const isRefusal = (error: unknown): error is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> =>
  error instanceof Stripe.errors.StripeInvalidRequestError;

export const isMissing = (error: unknown): boolean => isRefusal(error) && error.code === "resource_missing";

/** It is not where it would have to be for that. */
export const isElsewhere = (error: unknown): boolean => isRefusal(error) && error.code === "payment_intent_unexpected_state";

/** What an error of the SDK says of whether anything happened. Its message can hold what was sent, and stays behind. */
export const providerError = (error: unknown): Error => {
  if (error instanceof NotAsked || error instanceof ProviderAway || error instanceof ProviderRefused) return error;
  if (!(error instanceof Stripe.errors.StripeError)) return new ProviderAway("no answer", { cause: error });
  const said = `${error.type} ${error.statusCode ?? ""} ${codeOf(error)}`;
  // Wrong keys, missing rights and too many requests are seen before anything is done.
  if (error.statusCode === 401 || error.statusCode === 403 || error.statusCode === 429) return new NotAsked(said);
  if (error instanceof Stripe.errors.StripeIdempotencyError && error.statusCode !== 409) return new ProviderRefused(said);
  // Said by Stripe itself; what stands before it answers in other words.
  if (error instanceof Stripe.errors.StripeAPIError && error.rawType === "api_error")
    return new ProviderFault(said, { isReplayed: error.headers?.["idempotent-replayed"] === "true" });
  if (isRefusal(error) || isCardError(error)) return new ProviderRefused(said);
  // A call under the same key is under way, or nobody knows.
  return new ProviderAway(said);
};
