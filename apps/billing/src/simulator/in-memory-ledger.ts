import type {
  Books,
  KeyedAnswer,
  SimulatedAnswer,
  SimulatedDispute,
  SimulatedEvent,
  SimulatedIntent,
  SimulatedRefund,
  SimulatorLedger,
} from "./simulator-ledger.ts";

export type InMemoryLedger = SimulatorLedger & { intents(): readonly SimulatedIntent[]; everyRefund(): readonly SimulatedRefund[] };

/** For tests, and for runtimes without PostgreSQL. */
export const inMemoryLedger = (): InMemoryLedger => {
  const intents = new Map<string, SimulatedIntent>();
  const refunds = new Map<string, SimulatedRefund>();
  const disputes = new Map<string, SimulatedDispute>();
  const events = new Map<string, SimulatedEvent & { attempt: number }>();
  const answers = new Map<string, { fingerprint: string; answer: SimulatedAnswer | null }>();
  const refundsOf = (intentId: string | null) =>
    [...refunds.values()].filter((refund) => intentId === null || refund.intentId === intentId);
  const books: Books = {
    take: async (id) => intents.get(id) ?? null,
    put: async (intent) => void intents.set(intent.id, intent),
    refunds: async (intentId) => refundsOf(intentId),
    takeRefund: async (id) => refunds.get(id) ?? null,
    putRefund: async (refund) => void refunds.set(refund.id, refund),
    dispute: async (id) => disputes.get(id) ?? null,
    putDispute: async (dispute) => void disputes.set(dispute.id, dispute),
    tell: async (event) => void events.set(event.id, { ...event, attempt: 0 }),
  };
  return {
    async once({ key, fingerprint }, work): Promise<KeyedAnswer> {
      const known = answers.get(key);
      if (known && known.fingerprint !== fingerprint) return "keyReused";
      if (known) return known.answer ? { answer: known.answer, isFirst: false } : "inProgress";
      const mine = { fingerprint, answer: null as SimulatedAnswer | null };
      answers.set(key, mine);
      const answer = await work(books);
      if (answer.isUnkept) answers.delete(key);
      mine.answer = answer;
      return { answer, isFirst: true };
    },
    change: (work) => work(books),
    get: books.take,
    list: async (having) =>
      [...intents.values()].filter(({ metadata }) => having === undefined || metadata[having.key] === having.value).reverse(),
    refunds: async (intentId) => refundsOf(intentId),
    dispute: books.dispute,
    disputes: async (intentId) => [...disputes.values()].filter((dispute) => intentId === null || dispute.intentId === intentId),
    async due(now, heldSince) {
      const held = [...intents.values()].filter(({ status, createdAt }) => status === "requires_capture" && createdAt <= heldSince);
      const changing = [...refunds.values()].filter(({ next }) => next !== null && next.at <= now);
      return { intents: held.map(({ id }) => id), refunds: changing.map(({ id }) => id) };
    },
    async takeEvents(now, { until, limit }) {
      const due = [...events.values()].filter(({ dueAt }) => dueAt <= now).slice(0, limit);
      const taken = due.map((event) => ({ ...event, dueAt: until, attempt: event.attempt + 1 }));
      for (const event of taken) events.set(event.id, event);
      return taken;
    },
    async settleEvent(id, nextAt) {
      const event = events.get(id);
      if (event && nextAt) events.set(id, { ...event, dueAt: nextAt });
      else events.delete(id);
    },
    intents: () => [...intents.values()],
    everyRefund: () => refundsOf(null),
  };
};
