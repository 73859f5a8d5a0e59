import type { Books, SimulatedIntent } from "./simulator-ledger.ts";
import { shownIntent } from "./stripe-answers.ts";
import { type TestCard, testCards } from "./test-cards.ts";

export type Form = Readonly<Record<string, string>>;

export type SimulatedWorld = {
  readonly now: () => Date;
  /** Where the bank's page is, without a slash at the end. */
  readonly pageUrl: () => string;
};

/** What is told names the charge and does not show it: https://docs.stripe.com/expand#with-webhooks */
const unexpanded = ({ latest_charge: charge, ...intent }: ReturnType<typeof shownIntent>) => ({
  ...intent,
  latest_charge: charge?.id ?? null,
});

export const shown = ({ pageUrl }: SimulatedWorld, intent: SimulatedIntent) => shownIntent(intent, pageUrl());

/** What the service is told, once it is true. */
export const tell = (
  { now }: SimulatedWorld,
  books: Books,
  { type, object, card }: { type: string; object: object; card?: TestCard | undefined },
): Promise<void> => {
  if (card?.fault === "answersLost") return Promise.resolve();
  const isUnruly = card?.fault === "duplicateWebhooks";
  const createdAt = now();
  // What is told first arrives last.
  const dueAt = new Date(createdAt.getTime() + (isUnruly && type.endsWith("capturable_updated") ? 400 : 0));
  return books.tell({ id: named("evt"), type, object, createdAt, dueAt, copies: isUnruly ? 3 : 1 });
};

export const save = async (world: SimulatedWorld, books: Books, intent: SimulatedIntent): Promise<void> => {
  await books.put(intent);
  const type = toldOf[intent.status];
  if (type !== null) await tell(world, books, { type, object: unexpanded(shown(world, intent)), card: testCards[intent.paymentMethod] });
};

const toldOf: Readonly<Record<SimulatedIntent["status"], string | null>> = {
  requires_confirmation: null,
  requires_action: "payment_intent.requires_action",
  requires_capture: "payment_intent.amount_capturable_updated",
  requires_payment_method: "payment_intent.payment_failed",
  succeeded: "payment_intent.succeeded",
  canceled: "payment_intent.canceled",
};

export const named = (prefix: string): string => `${prefix}_${crypto.randomUUID().replaceAll("-", "")}`;

export const metadataOf = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const [, key] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
      return key === undefined ? [] : [[key, value]];
    }),
  );
