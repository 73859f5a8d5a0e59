import { type Form, metadataOf, named, type SimulatedWorld, save, shown, tell } from "./simulated-world.ts";
import type { Books, SimulatedAnswer, SimulatedDispute, SimulatedIntent } from "./simulator-ledger.ts";
import { declined, faulty, found, invalid, missing, refused, shownDispute } from "./stripe-answers.ts";
import { testCards } from "./test-cards.ts";

export const createIntent = async (world: SimulatedWorld, books: Books, form: Form): Promise<SimulatedAnswer> => {
  const { payment_method: paymentMethod = "", amount = "", currency = "", capture_method, confirm, return_url } = form;
  if (!testCards[paymentMethod]) return missing();
  if (!/^[1-9]\d{0,15}$/.test(amount) || !/^[a-z]{3}$/.test(currency)) return invalid("parameter_invalid_integer");
  // Nothing else is asked for here.
  if (capture_method !== "manual") return invalid("parameter_unsupported");
  const intent: SimulatedIntent = {
    ...{ id: named("pi"), amount: Number(amount), currency, paymentMethod, metadata: metadataOf(form), createdAt: world.now() },
    ...{ status: "requires_confirmation", amountReceived: 0, returnUrl: return_url ?? null, lastError: null, cancellationReason: null },
  };
  if (confirm === "true") return decide(world, books, { intent, isSure: false });
  await books.put(intent);
  return found(shown(world, intent));
};

export type IntentCall = { readonly id: string; readonly form: Form };

export const confirmIntent = async (world: SimulatedWorld, books: Books, { id, form }: IntentCall): Promise<SimulatedAnswer> => {
  const intent = await books.take(id);
  if (!intent) return missing();
  if (intent.status !== "requires_confirmation" && intent.status !== "requires_payment_method") return elsewhere();
  const { payment_method: paymentMethod = intent.paymentMethod } = form;
  return decide(world, books, { intent: { ...intent, paymentMethod }, isSure: false });
};

export const captureIntent = async (
  world: SimulatedWorld,
  books: Books,
  { id, form, attempt }: IntentCall & { attempt: number },
): Promise<SimulatedAnswer> => {
  const intent = await books.take(id);
  if (!intent) return missing();
  if (intent.status !== "requires_capture") return elsewhere();
  const card = testCards[intent.paymentMethod];
  if (attempt <= (card?.captureRefusals ?? 0)) return refused("capture_charge_authorization_expired");
  if (attempt <= (card?.captureFaults ?? 0)) return faulty();
  const amount = Number(form.amount_to_capture ?? intent.amount);
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > intent.amount) return invalid("amount_too_large");
  const next: SimulatedIntent = { ...intent, status: "succeeded", amountReceived: amount };
  await save(world, books, next);
  if (card?.dispute) {
    const { reason, isInquiry } = card.dispute;
    const status = isInquiry ? "warning_needs_response" : "needs_response";
    const dispute: SimulatedDispute = { id: named("dp"), intentId: id, amount, currency: intent.currency, reason, status };
    await books.putDispute(dispute);
    await tell(world, books, { type: "charge.dispute.created", object: shownDispute(dispute), card });
  }
  return found(shown(world, next));
};

export const cancelIntent = async (
  world: SimulatedWorld,
  books: Books,
  { id, reason }: { id: string; reason: SimulatedIntent["cancellationReason"] },
): Promise<SimulatedAnswer> => {
  const intent = await books.take(id);
  if (!intent) return missing();
  if (intent.status === "succeeded" || intent.status === "canceled") return elsewhere();
  const next: SimulatedIntent = { ...intent, status: "canceled", cancellationReason: reason };
  await save(world, books, next);
  return found(shown(world, next));
};

/** The shopper has answered their bank. */
export const authenticateIntent = async (
  world: SimulatedWorld,
  books: Books,
  { id, isYes }: { id: string; isYes: boolean },
): Promise<SimulatedIntent | null> => {
  const intent = await books.take(id);
  if (intent?.status !== "requires_action") return intent;
  const failed: SimulatedIntent = {
    ...intent,
    status: "requires_payment_method",
    lastError: { code: "payment_intent_authentication_failure" },
  };
  if (isYes) await decide(world, books, { intent, isSure: true });
  else await save(world, books, failed);
  return books.take(id);
};

const decide = async (
  world: SimulatedWorld,
  books: Books,
  { intent, isSure }: { intent: SimulatedIntent; isSure: boolean },
): Promise<SimulatedAnswer> => {
  const card = testCards[intent.paymentMethod];
  if (!card) return missing();
  const isAsked = card.asksShopper === true && !isSure;
  const decline = isAsked ? null : (card.decline ?? null);
  const status = isAsked ? "requires_action" : decline ? "requires_payment_method" : "requires_capture";
  const next: SimulatedIntent = { ...intent, status, lastError: decline };
  await save(world, books, next);
  if (card.fault === "errorAfterCharge") return faulty();
  return decline ? declined(decline, shown(world, next)) : found(shown(world, next));
};

const elsewhere = () => refused("payment_intent_unexpected_state");
