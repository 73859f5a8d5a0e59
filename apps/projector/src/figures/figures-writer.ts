import type { PaymentId } from "@cartwright/contracts/ids";
import { type Count, summed } from "./count.ts";
import type { PaymentStanding } from "./payment-standing.ts";

/** Where counting writes to, wherever the figures are kept. */
export type FiguresWriter = {
  /** How these payments stand, as far as they are known. */
  standings(paymentIds: readonly PaymentId[]): Promise<ReadonlyMap<PaymentId, PaymentStanding>>;
  /** Adds to the figures. Not idempotent: it is the mark, which moves with it, that makes it happen once. */
  add(change: FiguresChange): Promise<void>;
};

export type FiguresChange = { readonly counts: readonly Count[]; readonly standings: ReadonlyMap<PaymentId, PaymentStanding> };

/** For what is counted to be looked at, or to be written later in one piece. */
export const collectedFigures = (known: Pick<FiguresWriter, "standings"> = { standings: async () => new Map() }) => {
  let counts: readonly Count[] = [];
  const standings = new Map<PaymentId, PaymentStanding>();
  const writer: FiguresWriter = {
    async standings(paymentIds) {
      const stored = await known.standings(paymentIds.filter((paymentId) => !standings.has(paymentId)));
      return new Map(
        paymentIds.flatMap((paymentId) => {
          const standing = standings.get(paymentId) ?? stored.get(paymentId);
          return standing ? [[paymentId, standing] as const] : [];
        }),
      );
    },
    async add(change) {
      counts = summed([...counts, ...change.counts]);
      for (const [paymentId, standing] of change.standings) standings.set(paymentId, standing);
    },
  };
  return { writer, collected: (): FiguresChange => ({ counts, standings }) };
};
