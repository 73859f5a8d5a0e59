import { type Form, metadataOf, named, type SimulatedWorld, tell } from "./simulated-world.ts";
import type { Books, SimulatedAnswer, SimulatedRefund } from "./simulator-ledger.ts";
import { found, missing, refused, shownDispute, shownRefund } from "./stripe-answers.ts";
import { testCards } from "./test-cards.ts";

export const createRefund = async (world: SimulatedWorld, books: Books, form: Form): Promise<SimulatedAnswer> => {
  const intent = await books.take(form.payment_intent ?? "");
  if (!intent) return missing();
  if (intent.status !== "succeeded") return refused("charge_not_captured");
  const before = (await books.refunds(intent.id)).filter(({ status }) => status !== "failed");
  const left = before.reduce((sum, { amount }) => sum - amount, intent.amountReceived);
  const amount = Number(form.amount ?? left);
  if (left === 0) return refused("charge_already_refunded");
  if (!Number.isSafeInteger(amount) || amount <= 0 || amount > left) return refused("amount_too_large");
  const card = testCards[intent.paymentMethod];
  const status = card?.refund ?? "succeeded";
  const { currency } = intent;
  const refund: SimulatedRefund = { id: named("re"), intentId: intent.id, amount, currency, status, metadata: metadataOf(form) };
  await books.putRefund(refund);
  await tell(world, books, { type: status === "failed" ? "refund.failed" : "refund.created", object: shownRefund(refund), card });
  return found(shownRefund(refund));
};

/** The bank decides by what the shop has said. */
export const answerDispute = async (
  world: SimulatedWorld,
  books: Books,
  { id, form }: { id: string; form: Form },
): Promise<SimulatedAnswer> => {
  const dispute = await books.dispute(id);
  if (!dispute) return missing();
  const status = outcomes[form["evidence[uncategorized_text]"] ?? ""];
  if (dispute.status !== "needs_response" || !status) return found(shownDispute(dispute));
  const closed = { ...dispute, status };
  await books.putDispute(closed);
  await tell(world, books, { type: "charge.dispute.closed", object: shownDispute(closed) });
  return found(shownDispute(closed));
};

/** Stripe's test evidence: https://docs.stripe.com/testing#evidence */
const outcomes: Readonly<Record<string, "won" | "lost">> = { winning_evidence: "won", losing_evidence: "lost" };
