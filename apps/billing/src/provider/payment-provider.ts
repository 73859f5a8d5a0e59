import type { PaymentId } from "@cartwright/contracts/ids";
import type { Instant } from "@cartwright/contracts/instant";
import type { Money } from "@cartwright/contracts/money";
import type { CardFacts, KeptDispute, PaymentAction, PaymentToken } from "@cartwright/contracts/payment-shapes";

/** Whoever moves the money. Each call under one key happens once, however often it is made, and is answered the same. */
export type PaymentProvider = {
  inspect(request: { token: PaymentToken; signal: AbortSignal }): Promise<Inspection>;
  authorize(request: Keyed & { paymentId: PaymentId; amount: Money; token: PaymentToken }): Promise<IntentState>;
  /** Takes so much of what is held; the rest is given back by itself. */
  capture(request: Keyed & { providerReference: string; amount: Money }): Promise<IntentState | CallRefused>;
  /** Gives the whole of it back. */
  void(request: Keyed & { providerReference: string }): Promise<IntentState>;
  refund(request: Keyed & { paymentId: PaymentId; refundId: string; providerReference: string; amount: Money }): Promise<RefundState>;
  /** How it stands with a payment, and null where the provider has never heard of it. */
  find(request: { paymentId: PaymentId; providerReference: string | null; signal: AbortSignal }): Promise<Standing>;
};

/** `key` is made of the payment, the operation and its ordinal. */
type Keyed = { key: string; signal: AbortSignal };

export type Inspection = { outcome: "card"; card: CardFacts } | { outcome: "refused"; code: string };

/** How a payment stands at the provider. */
export type IntentState =
  | { outcome: "pending"; providerReference: string }
  | { outcome: "actionRequired"; providerReference: string; action: PaymentAction }
  /** `captureBefore` is null where the provider does not say it. */
  | { outcome: "authorized"; providerReference: string; amount: Money; captureBefore: Instant | null }
  | { outcome: "declined"; code: string }
  | { outcome: "failed"; code: string }
  | { outcome: "captured"; providerReference: string; amount: Money }
  | { outcome: "canceled"; providerReference: string; reason: "requested" | "expired" };

/** It will not, and nothing has changed. Under the same key the answer stays the same. */
export type CallRefused = { outcome: "refused"; code: string };

/** `refundId` is ours where we asked for it. */
export type RefundState =
  | { outcome: "pending" | "refunded"; refundId: string; amount: Money }
  | { outcome: "failed"; refundId: string; amount: Money; code: string };

export type DisputeState = KeptDispute;

export type Standing = {
  readonly state: IntentState | null;
  readonly refunds: readonly RefundState[];
  readonly disputes: readonly DisputeState[];
};

/** Nothing reached the provider, or it said so before it did anything: it may be asked anew. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
  readonly retryable = true;
  /** Where nobody tried: how long it is of no use. */
  readonly heldBackMs: number | undefined;

  constructor(message: string, { heldBackMs }: { heldBackMs?: number } = {}) {
    super(message);
    this.heldBackMs = heldBackMs;
  }
}

/** The provider did not answer, or not in a way that says what happened: only its own word ends this. */
export class ProviderAway extends Error {
  override readonly name: string = "ProviderAway";
  readonly retryable = true;
}

/** The provider answered that something failed there, and not what came of it. */
export class ProviderFault extends ProviderAway {
  override readonly name = "ProviderFault";
  /** It was the answer of before, under the same key. */
  readonly isReplayed: boolean;

  constructor(message: string, { isReplayed }: { isReplayed: boolean }) {
    super(message);
    this.isReplayed = isReplayed;
  }
}

/** The provider will not do what it was asked, and would not the next time: an operator has to look. */
export class ProviderRefused extends Error {
  override readonly name = "ProviderRefused";
  readonly retryable = false;
}
