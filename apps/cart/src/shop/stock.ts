import type { IdempotencyKey } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { maxStock, type StockId } from "@cartwright/contracts/pricing-shapes";
import { type ShopEvent, shopEvents, stockAvailableClaim, stockReservedClaim, stockStreamId } from "@cartwright/contracts/shop-events";
import { accept } from "@cartwright/decider/decision";
import type { CommandHandler, StreamModel } from "@cartwright/event-log/command-handler";
import type { EventLog } from "@cartwright/event-log/event-log";
import type { Answer } from "../carts/answer.ts";
import { type Caller, metadataOf } from "../carts/caller.ts";
import { canonicalJson } from "../carts/canonical-json.ts";

/** How many pieces there are. */
export type StockLevel = {
  readonly stockId: StockId;
  /** Nobody has claimed them. */
  readonly available: number;
  /** Running checkouts have. */
  readonly reserved: number;
  /** Both. */
  readonly onHand: number;
};

export type AdjustStock = {
  readonly stockId: StockId;
  readonly delta: number;
  readonly reason?: string | undefined;
  readonly idempotencyKey?: IdempotencyKey | undefined;
};
export type SetStock = Omit<AdjustStock, "delta"> & { readonly onHand: number };

export type SetOptions = {
  /** What was ever counted is left as it is. */
  readonly onlyNew?: boolean;
};

export type Stock = {
  /** Of those that nobody ever counted there are none. */
  levels(stockIds: readonly StockId[]): Promise<ReadonlyMap<StockId, StockLevel>>;
  /** So many pieces more or less. What running checkouts have claimed can't be taken away, and there can't be more than `maxStock` beside it. */
  adjust(caller: Caller, commands: readonly AdjustStock[]): Promise<readonly Answer<StockLevel>[]>;
  /**
   * So many were counted. What is written down is the difference to what was known, so that a sale at the same moment is neither lost nor
   * counted twice; where somebody else counted meanwhile, the difference to what they wrote down.
   */
  set(caller: Caller, commands: readonly SetStock[], options?: SetOptions): Promise<readonly Answer<StockLevel>[]>;
};

/** How the stream of a stock is written: its state is the counters of the log, which carts move as well. */
export const stockModel: StreamModel<null, ShopEvent> = {
  initial: null,
  evolve: () => null,
  encode: shopEvents.encode,
  decode: shopEvents.decode,
  claimsOf: ({ type, data }) =>
    type === "StockAdjusted" ? [{ kind: "count", key: stockAvailableClaim(data.stockId), delta: data.delta, atMost: maxStock }] : [],
};

export type StockDeps = {
  readonly handler: Pick<CommandHandler<null, ShopEvent>, "handle" | "load">;
  readonly log: Pick<EventLog, "claims">;
  readonly now: () => Date;
};

export const stock = (deps: StockDeps): Stock => {
  const levels: Stock["levels"] = async (stockIds) => {
    const counts = await deps.log.claims(stockIds.flatMap((id) => [stockAvailableClaim(id), stockReservedClaim(id)]));
    const level = (stockId: StockId): StockLevel => {
      const available = counts.get(stockAvailableClaim(stockId))?.count ?? 0;
      const reserved = counts.get(stockReservedClaim(stockId))?.count ?? 0;
      return { stockId, available, reserved, onHand: available + reserved };
    };
    return new Map(stockIds.map((stockId) => [stockId, level(stockId)]));
  };
  const answered = async (commands: readonly { stockId: StockId }[], refusals: ReadonlyMap<StockId, Refused>) => {
    const after = await levels(commands.map(({ stockId }) => stockId));
    return commands.map(({ stockId }): Answer<StockLevel> => {
      const level = after.get(stockId);
      if (!level) throw new TypeError(`the level of ${stockId} was asked for`);
      return refusals.get(stockId) ?? { ok: true, value: level };
    });
  };
  return {
    levels,
    async adjust(caller, commands) {
      const at = instantOf(deps.now());
      const adjusted = await Promise.all(
        commands.map((command) => adjust(deps, caller, { ...command, at, input: { delta: command.delta } })),
      );
      return answered(commands, refused(commands, adjusted));
    },
    async set(caller, commands, { onlyNew = false } = {}) {
      const refusals = new Map<StockId, Refused>();
      let open = commands;
      for (let attempt = 1; open.length > 0; attempt++) {
        if (attempt > maxAttempts) throw new StockContended(`${open[0]?.stockId} was counted by others ${maxAttempts} times meanwhile`);
        const at = instantOf(deps.now());
        // The version before the levels: a count that comes in between is found by the append.
        const versions = await Promise.all(open.map(async ({ stockId }) => (await deps.handler.load(stockStreamId(stockId))).version));
        const known = await levels(open.map(({ stockId }) => stockId));
        const counted = await Promise.all(
          open.map((command, index) => {
            const { stockId, onHand } = command;
            const expectedVersion = versions[index] ?? 0;
            const delta = onlyNew && expectedVersion > 0 ? 0 : onHand - (known.get(stockId)?.onHand ?? 0);
            return adjust(deps, caller, { ...command, delta, at, input: { onHand }, expectedVersion });
          }),
        );
        for (const [stockId, refusal] of refused(open, counted)) refusals.set(stockId, refusal);
        open = open.filter((_, index) => counted[index] === "stale");
      }
      return answered(commands, refusals);
    },
  };
};

const maxAttempts = 20;

export class StockContended extends Error {
  override readonly name = "StockContended";
  readonly retryable = true;
}

type Refused = Extract<Answer<never>, { ok: false }>;
type Adjusted = Refused | "stale" | null;

const refused = (commands: readonly { stockId: StockId }[], adjusted: readonly Adjusted[]): ReadonlyMap<StockId, Refused> =>
  new Map(
    commands.flatMap(({ stockId }, index): readonly [StockId, Refused][] => {
      const answer = adjusted[index];
      return answer && answer !== "stale" ? [[stockId, answer]] : [];
    }),
  );

type Adjusting = AdjustStock & {
  readonly at: Instant;
  /** What was asked for: the same key with something else is an error. */
  readonly input: object;
  /** Of the stock's stream, where the delta was reckoned from what was known at it. */
  readonly expectedVersion?: number;
};

const adjust = async ({ handler }: StockDeps, caller: Caller, command: Adjusting): Promise<Adjusted> => {
  const { stockId, delta, reason = null, idempotencyKey, input, at, expectedVersion } = command;
  const streamId = stockStreamId(stockId);
  const outcome = await handler.handle<never>({
    streamId,
    decide: () => (delta === 0 ? accept() : accept({ type: "StockAdjusted", data: { stockId, delta, reason, adjustedAt: at } })),
    metadata: metadataOf(caller, { subject: caller.subject, kind: caller.kind }),
    fingerprint: canonicalJson({ input }),
    ...(idempotencyKey !== undefined && { key: `${caller.subject} ${streamId} ${idempotencyKey}` }),
    keepsNoChange: true,
    ...(expectedVersion !== undefined && { expectedVersion }),
  });
  switch (outcome.outcome) {
    case "accepted":
      return null;
    case "claimed": {
      const facts = { stockId, delta, available: outcome.held.count };
      return { ok: false, refusal: delta < 0 ? { code: "StockTooLow", ...facts } : { code: "StockTooHigh", ...facts, max: maxStock } };
    }
    case "keyReused":
      if (idempotencyKey === undefined) throw new TypeError(`a minted key was answered before: ${outcome.key}`);
      return { ok: false, refusal: { code: "IdempotencyKeyReused", key: idempotencyKey } };
    case "versionMismatch":
      return "stale";
    case "refused":
      throw new TypeError(`${streamId} refuses nothing`);
  }
};
