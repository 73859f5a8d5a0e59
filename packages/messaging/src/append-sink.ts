import type { AppendUnit, Claim, EventLog } from "@cartwright/event-log/event-log";
import { isNotYet, type NotYet } from "./handlers.ts";
import { movesOf } from "./moves.ts";
import type { Progress } from "./progress.ts";
import { type Piece, PieceFailed, piecesOf, runInOrder } from "./run-in-order.ts";
import type { Sink, StepOutcome, Stop } from "./sink.ts";

/**
 * What a reaction appends to its own log. The first stream must be the same at every delivery: the event's key is kept
 * beside it, and makes the second delivery change nothing.
 */
export type Reaction = Pick<AppendUnit, "streams" | "claims">;

/** A handler may also append by itself, under `context.key`, and answer nothing. */
type ReactionOrNothing = Reaction | undefined;
type NoTools = Record<never, never>;

/** Other writers kept getting in between. */
export class ReactionContended extends Error {
  override readonly name = "ReactionContended";
  readonly retryable = true;
}

/** A claim that the reaction needs can't be had; handlers that can live with it append by themselves. */
export class ReactionClaimRefused extends Error {
  override readonly name = "ReactionClaimRefused";
  readonly retryable = false;
  readonly claim: Claim;
  constructor(claim: Claim) {
    super(`the claim ${claim.key} could not be taken`);
    this.claim = claim;
  }
}

export type AppendSinkOptions = {
  progress: Progress;
  /** The service's own. Not needed where the handlers append, or send, by themselves. */
  log?: Pick<EventLog, "append">;
};

/**
 * Reactions: effects that are idempotent under the event's key, such as appends to the service's own log; the mark
 * follows them. Streams run side by side, the events of one stream in order. A batch handler gets all events of a flush
 * if every handler concerned is one, else those of one stream.
 */
export const appendSink = ({ log, progress }: AppendSinkOptions): Sink<NoTools, ReactionOrNothing> => ({
  progress,
  concurrency: 4,
  async flush(of, steps) {
    const ended = await runChains(steps, log);
    const done = ended.map((step) => step.done);
    const fenced = await progress.move(of, movesOf(steps, done));
    return ended.map((outcome, index) => (fenced.includes(steps[index]?.shard ?? -1) ? { outcome: "fenced" } : outcome));
  },
  async drain(of, step) {
    const [ended] = await runChains([step], log);
    if (!ended || ended.done === 0) return ended ?? { outcome: "settled", done: 0 };
    const eventIds = step.work.slice(0, ended.done).map(({ event }) => event.eventId);
    const isOurs = await progress.parking.done({ ...of, streamId: step.streamId }, eventIds);
    return isOurs ? ended : { outcome: "fenced" };
  },
});

type Pieces = readonly Piece<NoTools, ReactionOrNothing>[];
type Settled = Extract<StepOutcome, { outcome: "settled" }>;

const runChains = async (
  steps: Parameters<typeof piecesOf<NoTools, ReactionOrNothing>>[0],
  log: AppendSinkOptions["log"],
): Promise<readonly Settled[]> => {
  const pieces = piecesOf(steps);
  // All of them, also when one throws: nothing may still run when the same events are handed out again.
  const ended = await Promise.allSettled(chainsOf(pieces).map((chain) => runChain(chain, log)));
  const results = ended.map((chain) => {
    if (chain.status === "rejected") throw chain.reason;
    return chain.value;
  });
  const completed = new Set(results.flatMap((result) => result.completed));
  const stops = results.flatMap((result) => [...result.stops]);
  const open = pieces.filter((piece) => !completed.has(piece));
  return steps.map(({ work }, index) => {
    const done = open.find(({ step }) => step === index)?.at ?? work.length;
    const stop = stops.find(([step, { at }]) => step === index && at === done)?.[1];
    return { outcome: "settled", done, ...(stop && { stop }) };
  });
};

const chainsOf = (pieces: Pieces): readonly Pieces[] => {
  if (pieces.length === 0) return [];
  if (pieces.every(({ work }) => work.runner.batch)) return [pieces];
  return [...Map.groupBy(pieces, ({ work }) => work.event.streamId).values()];
};

/** @throws what a batch handler threw: which of its events is at fault is not known. */
const runChain = async (chain: Pieces, log: AppendSinkOptions["log"]): Promise<{ completed: Pieces; stops: ReadonlyMap<number, Stop> }> => {
  const completed: Piece<NoTools, ReactionOrNothing>[] = [];
  const take = async (reaction: ReactionOrNothing, pieces: Pieces) => {
    if (reaction && !log) throw new TypeError("a handler answered a reaction, and the sink has no log to append it to");
    if (reaction && log) await react(reaction, pieces, log);
    completed.push(...pieces);
  };
  try {
    return { completed, stops: await runInOrder(chain, { tools: {}, take }) };
  } catch (error) {
    if (!(error instanceof PieceFailed)) throw error;
    return { completed, stops: new Map([[error.step, { kind: "error", at: error.at, error: error.cause }]]) };
  }
};

const conflictAttempts = 5;

const react = async (reaction: Reaction, pieces: Pieces, log: Pick<EventLog, "append">): Promise<void> => {
  const [piece] = pieces;
  if (!piece || pieces.length > 1)
    throw new TypeError("a reaction answers one event; a batch handler appends by itself, under each event's key");
  const { event, epoch, runner } = piece.work;
  let wanted: ReactionOrNothing = reaction;
  for (let attempt = 1; attempt <= conflictAttempts && wanted; attempt++) {
    const command = { key: runner.keyOf(piece.work), fingerprint: event.eventId, eventCount: wanted.streams[0].events.length };
    const result = await log.append({ ...wanted, commands: [command] });
    if (result.outcome === "appended" || result.outcome === "duplicate") return;
    if (result.outcome === "claimed") throw new ReactionClaimRefused(result.claim);
    const again: ReactionOrNothing | NotYet = await runner.run([{ event, epoch }], {});
    if (isNotYet(again)) break;
    wanted = again;
  }
  if (wanted) throw new ReactionContended(`${event.type} at ${event.shard}/${event.position}: its stream kept moving`);
};
