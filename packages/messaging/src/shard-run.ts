import type { ShardStatus, StopCause } from "./consumer-status.ts";
import type { AwaitedMark } from "./handlers.ts";
import type { Mark } from "./mark.ts";
import type { Fault, HeldStream } from "./parking.ts";

/** What a consumer knows about one shard that it holds. Changed only while the shard is busy, i.e. in one turn at a time. */
export type ShardRun = {
  readonly shard: number;
  /** How far it has come. */
  mark: Mark;
  /** As it is stored. It may lag behind `mark` by events that concern nobody: to pass them over again does no harm. */
  stored: Mark;
  /** When what `stored` lags behind is to be saved, if nothing that happens before saves it. */
  saveAt: number;
  /** Streams whose events must go into their queues. */
  readonly parked: Map<string, ParkedRun>;
  /** There may be something to read. */
  pending: boolean;
  busy: boolean;
  /** No longer this process's: takes no more turns. */
  leaving: boolean;
  /** Not before this time: a retry, or the next look at an awaited mark. */
  notBefore: number;
  /** To be compared with the owner's log before anything else. */
  verify: boolean;
  /** Up to here the source has shown that it leaves events out, so they are read from the owner's log. */
  readLogUntil: bigint;
  /** The owner's head when it was last asked. */
  head: bigint;
  caution: Caution | null;
  /** Attempts at the event right above the mark. */
  attempts: number;
  /** Retryable errors in a row. */
  failures: number;
  lastError: string;
  /** The event right above the mark goes to the queue. */
  toPark: Fault | null;
  awaited: AwaitedMark | null;
  stopped: { cause: StopCause; reason: string } | null;
};

/** After a failure the shard is flushed by itself and in small steps, until it is past the events that were in it. */
export type Caution = { limit: number; until: bigint };

export type ParkedRun = { state: HeldStream["state"]; limit: number; attempts: number; failures: number; notBefore: number };

export const newShardRun = (shard: number, mark: Mark): ShardRun => ({
  shard,
  mark,
  stored: mark,
  saveAt: Number.POSITIVE_INFINITY,
  parked: new Map(),
  pending: true,
  busy: false,
  leaving: false,
  notBefore: 0,
  verify: true,
  readLogUntil: 0n,
  head: 0n,
  caution: null,
  attempts: 0,
  failures: 0,
  lastError: "",
  toPark: null,
  awaited: null,
  stopped: null,
});

export const newParkedRun = (state: HeldStream["state"]): ParkedRun => ({ state, limit: 100, attempts: 0, failures: 0, notBefore: 0 });

/** What was stored is what counts: after another process was seen to have moved the mark, and where a shard is taken over. */
export const reloadRun = (run: ShardRun, mark: Mark, streams: readonly HeldStream[]): void => {
  // A store may have lost its last writes; a source that has delivered those events won't do so again.
  if (mark.position < run.mark.position && run.readLogUntil < run.mark.position) run.readLogUntil = run.mark.position;
  isStored(run, mark);
  run.parked.clear();
  for (const { streamId, state } of streams) run.parked.set(streamId, newParkedRun(state));
  forgetTrouble(run);
  run.pending = true;
};

/** The run stands at this mark, and so it is stored. */
export const isStored = (run: ShardRun, mark: Mark): void => {
  run.mark = mark;
  run.stored = mark;
  run.saveAt = Number.POSITIVE_INFINITY;
};

export const forgetTrouble = (run: ShardRun): void => {
  run.attempts = 0;
  run.failures = 0;
  run.toPark = null;
  run.awaited = null;
  run.caution = null;
};

/** When the shard wants its next turn, in milliseconds; null when it has nothing to do. */
export const nextTurnAt = (run: ShardRun): number | null => {
  if (run.busy || run.leaving) return null;
  if (run.verify) return 0;
  if (run.stopped) return null;
  let at = run.pending ? Math.min(run.notBefore, run.saveAt) : run.saveAt;
  for (const { state, notBefore } of run.parked.values()) if (state === "retrying") at = Math.min(at, notBefore);
  return at === Number.POSITIVE_INFINITY ? null : at;
};

/** Shards with something particular to do take turns of their own, so that they hold nobody else up. */
export const isAlone = (run: ShardRun): boolean => run.caution !== null || run.awaited !== null || run.toPark !== null || isDraining(run);

const isDraining = ({ parked }: ShardRun): boolean => {
  for (const { state } of parked.values()) if (state === "retrying") return true;
  return false;
};

export const statusOf = (run: ShardRun, now: number): ShardStatus => {
  const { shard, mark, parked } = run;
  const common = { shard, mark, parkedStreams: parked.size };
  if (run.stopped) return { ...common, state: "stopped", ...run.stopped };
  if (run.awaited) {
    const { group, log, shard: other, position } = run.awaited;
    return { ...common, state: "waiting", reason: `for ${group ? `${group} on ` : ""}${log}, shard ${other}, position ${position}` };
  }
  if (run.failures > 0 || run.attempts > 0)
    return { ...common, state: "retrying", until: new Date(Math.max(run.notBefore, now)), reason: run.lastError };
  return { ...common, state: "flowing" };
};
