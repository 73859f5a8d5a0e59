import { type Context, Hono } from "hono";
import type { SimulatedAnswer, SimulatedIntent, SimulatorLedger } from "./simulator-ledger.ts";
import { testCards } from "./test-cards.ts";

/**
 * A payment provider to try things out with: the part of Stripe's HTTP API that the service uses, answered from the simulator's own books
 * for Stripe's published test payment methods.
 */
export const simulatorApp = (ledger: SimulatorLedger): Hono => {
  const app = new Hono();
  app.get("/v1/payment_methods/:id", (c) => answered(paymentMethod(c.req.param("id"))));
  app.get("/v1/payment_intents/:id", async (c) => {
    const intent = await ledger.get(c.req.param("id"));
    return answered(intent ? found(intent) : missing());
  });
  app.post("/v1/payment_intents", async (c) => {
    const form = await formOf(c);
    return keyed(c, { ledger, form }, async (books) => {
      const { answer, intent } = charge(form);
      if (intent) await books.put(intent);
      return answer;
    });
  });
  app.post("/v1/payment_intents/:id/:action{capture|cancel}", async (c) => {
    const { id, action } = c.req.param();
    const form = await formOf(c);
    return keyed(c, { ledger, form }, async (books) => {
      const intent = await books.take(id);
      if (!intent) return missing();
      const { answer, next } = action === "capture" ? captured(intent, form) : canceled(intent);
      if (next) await books.put(next);
      return answer;
    });
  });
  return app;
};

type Form = Readonly<Record<string, string>>;

const formOf = async (c: Context): Promise<Form> => Object.fromEntries(new URLSearchParams(await c.req.text()));

const answered = ({ status, body }: SimulatedAnswer): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** A call without a key is one of its own. */
const keyed = async (
  c: Context,
  { ledger, form }: { ledger: SimulatorLedger; form: Form },
  work: Parameters<SimulatorLedger["once"]>[1],
): Promise<Response> => {
  const key = c.req.header("idempotency-key") ?? crypto.randomUUID();
  const answer = await ledger.once({ key, fingerprint: JSON.stringify([c.req.path, form]) }, work);
  return answered(answer === "keyReused" ? failed(400, { type: "idempotency_error", code: "idempotency_key_in_use" }) : answer);
};

type StripeError = { type: string; code: string; decline_code?: string | undefined; payment_intent?: unknown };

const failed = (status: number, error: StripeError): SimulatedAnswer => ({ status, body: { error } });
const missing = () => failed(404, { type: "invalid_request_error", code: "resource_missing" });
const invalid = (code: string) => failed(400, { type: "invalid_request_error", code });
const found = (intent: SimulatedIntent): SimulatedAnswer => ({ status: 200, body: shown(intent) });

const paymentMethod = (id: string): SimulatedAnswer => {
  const card = testCards[id]?.card;
  return card ? { status: 200, body: { id, object: "payment_method", type: "card", card } } : missing();
};

const charge = (form: Form): { answer: SimulatedAnswer; intent?: SimulatedIntent } => {
  const { payment_method: paymentMethod = "", amount = "", currency = "", capture_method, confirm } = form;
  const test = testCards[paymentMethod];
  if (!test) return { answer: missing() };
  if (!/^[1-9]\d{0,15}$/.test(amount) || !/^[a-z]{3}$/.test(currency)) return { answer: invalid("parameter_invalid_integer") };
  // Nothing else is asked for here.
  if (capture_method !== "manual" || confirm !== "true") return { answer: invalid("parameter_unsupported") };
  const intent: SimulatedIntent = {
    id: `pi_${crypto.randomUUID().replaceAll("-", "")}`,
    amount: Number(amount),
    currency,
    status: test.decline ? "requires_payment_method" : "requires_capture",
    amountReceived: 0,
    paymentMethod,
    metadata: metadataOf(form),
  };
  if (!test.decline) return { answer: found(intent), intent };
  return { answer: failed(402, { type: "card_error", ...test.decline, payment_intent: shown(intent) }), intent };
};

const metadataOf = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const [, key] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
      return key === undefined ? [] : [[key, value]];
    }),
  );

type Moved = { answer: SimulatedAnswer; next?: SimulatedIntent };

const captured = (intent: SimulatedIntent, { amount_to_capture = String(intent.amount) }: Form): Moved => {
  if (intent.status !== "requires_capture") return { answer: invalid("payment_intent_unexpected_state") };
  const amount = Number(amount_to_capture);
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > intent.amount) return { answer: invalid("amount_too_large") };
  const next: SimulatedIntent = { ...intent, status: "succeeded", amountReceived: amount };
  return { answer: found(next), next };
};

const canceled = (intent: SimulatedIntent): Moved => {
  if (intent.status !== "requires_capture") return { answer: invalid("payment_intent_unexpected_state") };
  const next: SimulatedIntent = { ...intent, status: "canceled" };
  return { answer: found(next), next };
};

const shown = ({ id, amount, currency, status, amountReceived, paymentMethod, metadata }: SimulatedIntent) => ({
  id,
  object: "payment_intent",
  amount,
  currency,
  status,
  amount_received: amountReceived,
  amount_capturable: status === "requires_capture" ? amount : 0,
  capture_method: "manual",
  payment_method: paymentMethod,
  metadata,
});
