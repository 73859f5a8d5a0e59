import type { PaymentId } from "@cartwright/contracts/ids";
import type { Money } from "@cartwright/contracts/money";
import type { CardFacts, PaymentToken } from "@cartwright/contracts/payment-shapes";

/** Whoever moves the money. Each call under one key happens once, however often it is made, and is answered the same. */
export type PaymentProvider = {
  inspect(request: { token: PaymentToken; signal: AbortSignal }): Promise<Inspection>;
  authorize(request: Keyed & { paymentId: PaymentId; amount: Money; token: PaymentToken }): Promise<Authorization>;
  /** Takes the whole of what is held. */
  capture(request: Keyed & { providerReference: string; amount: Money }): Promise<void>;
  /** Gives the whole of it back. */
  void(request: Keyed & { providerReference: string }): Promise<void>;
};

/** `key` is made of the payment, the operation and its ordinal. */
type Keyed = { key: string; signal: AbortSignal };

export type Inspection = { outcome: "card"; card: CardFacts } | { outcome: "refused"; code: string };

export type Authorization = { outcome: "authorized"; providerReference: string } | { outcome: "declined"; code: string };

/** The provider did not answer, or not in a way that says what happened: ask again under the same key. */
export class ProviderAway extends Error {
  override readonly name = "ProviderAway";
  readonly retryable = true;
}

/** The provider will not do what it was asked, and would not the next time: an operator has to look. */
export class ProviderRefused extends Error {
  override readonly name = "ProviderRefused";
  readonly retryable = false;
}
