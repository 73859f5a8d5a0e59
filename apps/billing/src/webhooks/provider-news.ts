import type { PaymentId } from "@cartwright/contracts/ids";
import type { Told } from "../payments/told.ts";
import type { DisputeState, IntentState, RefundState } from "../provider/payment-provider.ts";

/** What a provider's webhook says of one of our payments. */
export type ProviderNews = { readonly told: Told; readonly paymentId: PaymentId } & (
  | { readonly about: "intent"; readonly state: IntentState }
  | { readonly about: "refund"; readonly refund: RefundState }
  | { readonly about: "dispute"; readonly dispute: DisputeState }
);

/** Reads a webhook's body. @throws {WebhookRefused} where it is not the provider's, or too old. */
export type ReadWebhook = (request: { payload: Uint8Array; signature: string }) => Promise<ProviderNews | null>;

/** Whoever sent it did not prove to be the provider, now. */
export class WebhookRefused extends Error {
  override readonly name = "WebhookRefused";
  readonly retryable = false;
}
