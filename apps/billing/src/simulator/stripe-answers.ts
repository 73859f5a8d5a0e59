import type { SimulatedAnswer, SimulatedDecline, SimulatedDispute, SimulatedIntent, SimulatedRefund } from "./simulator-ledger.ts";
import { testCards } from "./test-cards.ts";

type StripeError = { type: string; code: string; decline_code?: string | undefined; payment_intent?: unknown };

const failed = (status: number, error: StripeError): SimulatedAnswer => ({ status, body: { error } });

export const found = (body: unknown): SimulatedAnswer => ({ status: 200, body });

/** Nothing was begun. */
export const missing = (): SimulatedAnswer => ({
  ...failed(404, { type: "invalid_request_error", code: "resource_missing" }),
  isUnkept: true,
});
export const invalid = (code: string): SimulatedAnswer => ({ ...failed(400, { type: "invalid_request_error", code }), isUnkept: true });

export const refused = (code: string): SimulatedAnswer => failed(400, { type: "invalid_request_error", code });
export const declined = (decline: SimulatedDecline, intent: object): SimulatedAnswer =>
  failed(402, { type: "card_error", ...decline, payment_intent: intent });
export const faulty = (): SimulatedAnswer => failed(500, { type: "api_error", code: "internal" });
export const keyReused = (): SimulatedAnswer => failed(400, { type: "idempotency_error", code: "idempotency_key_in_use" });
export const inProgress = (): SimulatedAnswer => failed(409, { type: "idempotency_error", code: "idempotency_key_in_use" });
export const unauthorized = (): SimulatedAnswer => failed(401, { type: "invalid_request_error", code: "api_key_missing" });

export const listOf = (url: string, data: readonly object[]) => found({ object: "list", url, has_more: false, data });
export const searchResult = (url: string, data: readonly object[]) => found({ object: "search_result", url, has_more: false, data });

/** As long as card schemes hold an amount. */
export const DAYS_HELD = 7;

const seconds = (date: Date) => Math.floor(date.getTime() / 1_000);

/** A payment intent as Stripe shows it. */
export const shownIntent = (intent: SimulatedIntent, pageUrl: string) => {
  const { id, amount, currency, status, amountReceived, paymentMethod, metadata, returnUrl, lastError, createdAt } = intent;
  const isHeld = status === "requires_capture";
  const charge = {
    id: `ch_${id.slice(3)}`,
    object: "charge",
    amount,
    currency,
    payment_intent: id,
    payment_method_details: { type: "card", card: { capture_before: seconds(createdAt) + DAYS_HELD * 86_400 } },
  };
  return {
    id,
    object: "payment_intent",
    amount,
    currency,
    status,
    amount_received: amountReceived,
    amount_capturable: isHeld ? amount : 0,
    capture_method: "manual",
    confirmation_method: "automatic",
    payment_method: lastError ? null : paymentMethod,
    payment_method_types: ["card"],
    metadata,
    created: seconds(createdAt),
    livemode: false,
    cancellation_reason: intent.cancellationReason,
    last_payment_error: lastError && { type: "card_error", ...lastError },
    latest_charge: isHeld || status === "succeeded" ? charge : null,
    next_action:
      status === "requires_action"
        ? { type: "redirect_to_url", redirect_to_url: { url: `${pageUrl}/${id}`, return_url: returnUrl } }
        : null,
  };
};

export const shownRefund = ({ id, intentId, amount, currency, status, metadata }: SimulatedRefund) => ({
  ...{ id, object: "refund", amount, currency, status, metadata },
  payment_intent: intentId,
  charge: `ch_${intentId.slice(3)}`,
  ...(status === "failed" && { failure_reason: "expired_or_canceled_card" }),
});

export const shownDispute = ({ id, intentId, amount, currency, reason, status }: SimulatedDispute) => ({
  ...{ id, object: "dispute", amount, currency, status, reason, metadata: {} },
  payment_intent: intentId,
  charge: `ch_${intentId.slice(3)}`,
});

export const shownPaymentMethod = (id: string): SimulatedAnswer => {
  const card = testCards[id]?.card;
  return card ? found({ id, object: "payment_method", type: "card", card }) : missing();
};
