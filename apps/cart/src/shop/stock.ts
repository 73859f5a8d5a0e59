import type { IdempotencyKey } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import type { StockId } from "@cartwright/contracts/pricing-shapes";
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

export type Stock = {
  /** Of those that nobody ever counted there are none. */
  levels(stockIds: readonly StockId[]): Promise<ReadonlyMap<StockId, StockLevel>>;
  /** So many pieces more or less. What running checkouts have claimed can't be taken away. */
  adjust(caller: Caller, commands: readonly AdjustStock[]): Promise<readonly Answer<StockLevel>[]>;
  /**
   * So many were counted. What is written down is the difference to what was known, so that a sale at the same moment is neither lost nor
   * counted twice.
   */
  set(caller: Caller, commands: readonly SetStock[]): Promise<readonly Answer<StockLevel>[]>;
};

/** How the stream of a stock is written: its state is the counters of the log, which carts move as well. */
export const stockModel: StreamModel<null, ShopEvent> = {
  initial: null,
  evolve: () => null,
  encode: shopEvents.encode,
  decode: shopEvents.decode,
  claimsOf: ({ type, data }) =>
    type === "StockAdjusted"
      ? [{ kind: "count", key: stockAvailableClaim(data.stockId), delta: data.delta, atMost: Number.MAX_SAFE_INTEGER }]
      : [],
};

export type StockDeps = {
  readonly handler: Pick<CommandHandler<null, ShopEvent>, "handle">;
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
  const adjustAll = async (caller: Caller, commands: readonly Adjusting[]): Promise<readonly Answer<StockLevel>[]> => {
    const at = instantOf(deps.now());
    const refusals = await Promise.all(commands.map((command) => adjust(deps, caller, { ...command, at })));
    const after = await levels(commands.map(({ stockId }) => stockId));
    return commands.map(({ stockId }, index): Answer<StockLevel> => {
      const level = after.get(stockId);
      if (!level) throw new TypeError(`the level of ${stockId} was asked for`);
      return refusals[index] ?? { ok: true, value: level };
    });
  };
  return {
    levels,
    adjust: (caller, commands) =>
      adjustAll(
        caller,
        commands.map((command) => ({ ...command, input: { delta: command.delta } })),
      ),
    async set(caller, commands) {
      const known = await levels(commands.map(({ stockId }) => stockId));
      return adjustAll(
        caller,
        commands.map((command) => ({
          ...command,
          delta: command.onHand - (known.get(command.stockId)?.onHand ?? 0),
          input: { onHand: command.onHand },
        })),
      );
    },
  };
};

type Adjusting = AdjustStock & { readonly input: object };
type Refused = Extract<Answer<never>, { ok: false }>;

const adjust = async ({ handler }: StockDeps, caller: Caller, command: Adjusting & { readonly at: Instant }): Promise<Refused | null> => {
  const { stockId, delta, reason = null, idempotencyKey, input, at } = command;
  const streamId = stockStreamId(stockId);
  const outcome = await handler.handle<never>({
    streamId,
    decide: () => (delta === 0 ? accept() : accept({ type: "StockAdjusted", data: { stockId, delta, reason, adjustedAt: at } })),
    metadata: metadataOf(caller, { subject: caller.subject, kind: caller.kind }),
    fingerprint: canonicalJson({ input }),
    ...(idempotencyKey !== undefined && { key: `${caller.subject} ${streamId} ${idempotencyKey}` }),
  });
  switch (outcome.outcome) {
    case "accepted":
      return null;
    case "claimed":
      return { ok: false, refusal: { code: "StockTooLow", stockId, delta, available: outcome.held.count } };
    case "keyReused":
      if (idempotencyKey === undefined) throw new TypeError(`a minted key was answered before: ${outcome.key}`);
      return { ok: false, refusal: { code: "IdempotencyKeyReused", key: idempotencyKey } };
    case "refused":
    case "versionMismatch":
      throw new TypeError(`${streamId} neither refuses nor expects a version: ${outcome.outcome}`);
  }
};
