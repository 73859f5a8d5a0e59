import type { SimulatedAnswer, SimulatedIntent, SimulatorLedger } from "./simulator-ledger.ts";

/** For tests, and for runtimes without PostgreSQL. */
export const inMemoryLedger = (): SimulatorLedger & { intents(): readonly SimulatedIntent[] } => {
  const intents = new Map<string, SimulatedIntent>();
  const answers = new Map<string, { fingerprint: string; answer: Promise<SimulatedAnswer> }>();
  const books = {
    take: async (id: string) => intents.get(id) ?? null,
    put: async (intent: SimulatedIntent) => void intents.set(intent.id, intent),
  };
  return {
    async once({ key, fingerprint }, work) {
      const known = answers.get(key);
      if (known) return known.fingerprint === fingerprint ? known.answer : "keyReused";
      const answer = work(books);
      answers.set(key, { fingerprint, answer });
      return answer;
    },
    get: books.take,
    intents: () => [...intents.values()],
  };
};
