import { unreachable } from "@cartwright/decider/unreachable";
import { type Form, metadataOf, named, type SimulatedWorld, tell } from "./simulated-world.ts";
import type { Books, SimulatedAnswer, SimulatedDispute, SimulatedRefund } from "./simulator-ledger.ts";
import { found, missing, refused, shownDispute, shownRefund } from "./stripe-answers.ts";
import { type TestCard, testCards } from "./test-cards.ts";

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
  const { currency } = intent;
  const refund: SimulatedRefund = {
    ...{ id: named("re"), intentId: intent.id, amount, currency, metadata: metadataOf(form) },
    ...stepsOf(card?.refund, world.now()),
  };
  await books.putRefund(refund);
  await tell(world, books, { type: refund.status === "failed" ? "refund.failed" : "refund.created", object: shownRefund(refund), card });
  return found(shownRefund(refund));
};

const stepsOf = (how: TestCard["refund"], now: Date): Pick<SimulatedRefund, "status" | "next"> => {
  const at = new Date(now.getTime() + SETTLING_MS);
  switch (how) {
    case undefined:
      return { status: "succeeded", next: null };
    case "succeedsLater":
      return { status: "pending", next: { status: "succeeded", at } };
    case "failsLater":
      return { status: "succeeded", next: { status: "failed", at } };
    case "fails":
      return { status: "failed", next: null };
    case "staysPending":
      return { status: "pending", next: null };
    default:
      return unreachable(how);
  }
};

/** What a bank takes days for. */
const SETTLING_MS = 1_000;

/** What was on its way has come through, or has come back. */
export const settleRefund = async (world: SimulatedWorld, books: Books, id: string): Promise<void> => {
  const refund = await books.takeRefund(id);
  if (!refund?.next || refund.next.at > world.now()) return;
  const { status } = refund.next;
  const settled: SimulatedRefund = { ...refund, status, next: null };
  await books.putRefund(settled);
  await tell(world, books, { type: status === "failed" ? "refund.failed" : "refund.updated", object: shownRefund(settled) });
};

/** The bank decides by what the shop has said. */
export const answerDispute = async (
  world: SimulatedWorld,
  books: Books,
  { id, form }: { id: string; form: Form },
): Promise<SimulatedAnswer> => {
  const dispute = await books.dispute(id);
  if (!dispute) return missing();
  const changed = afterEvidence(dispute, form["evidence[uncategorized_text]"] ?? "");
  if (!changed) return found(shownDispute(dispute));
  await books.putDispute(changed);
  const type = changed.status === "needs_response" ? "charge.dispute.updated" : "charge.dispute.closed";
  await tell(world, books, { type, object: shownDispute(changed) });
  return found(shownDispute(changed));
};

/** An inquiry ends well, or becomes a dispute; what is decided stays so. */
const afterEvidence = (dispute: SimulatedDispute, evidence: string): SimulatedDispute | null => {
  const status = outcomes[evidence];
  if (dispute.status === "warning_needs_response" && evidence === "escalate_inquiry_evidence")
    return { ...dispute, status: "needs_response" };
  if (dispute.status === "warning_needs_response" && status) return { ...dispute, status: "warning_closed" };
  return dispute.status === "needs_response" && status ? { ...dispute, status } : null;
};

/** Stripe's test evidence: https://docs.stripe.com/testing#evidence */
const outcomes: Readonly<Record<string, "won" | "lost">> = { winning_evidence: "won", losing_evidence: "lost" };
