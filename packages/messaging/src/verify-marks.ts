import type { LogHeads, RecordedEvent } from "@cartwright/event-log/event-log";
import { type ConsumerContext, reasonOf } from "./consumer-context.ts";
import type { Mark } from "./mark.ts";
import { isStored, type ShardRun } from "./shard-run.ts";
import { resumeShard, stopShard } from "./stop-shard.ts";

export type Verdict = { is: "same" } | { is: "renewed" } | { is: "diverged"; reason: string };

/**
 * Whether the owner's log still is the one in which the mark was made. A renewed epoch with the same event at the mark is
 * a log that was restored to a point after it.
 */
export const verdictOn = (
  mark: Mark,
  { epoch, head, eventIdAtMark }: { epoch: string; head: bigint; eventIdAtMark: string | undefined },
): Verdict => {
  if (head < mark.position) return { is: "diverged", reason: `the log ends at ${head}, before the mark at ${mark.position}` };
  if (mark.position > 0n && eventIdAtMark !== mark.eventId)
    return {
      is: "diverged",
      reason: `at ${mark.position} the log has event ${eventIdAtMark}, the mark was made at ${mark.eventId}`,
    };
  return epoch === mark.epoch ? { is: "same" } : { is: "renewed" };
};

/**
 * Compares the marks with the owner's log. Where they are not of one history the shard stops, and the others go on.
 * When the owner can't be asked, what the source delivers is trusted as long as its epoch is the mark's.
 */
export const verifyMarks = async <Tools, Effect>(runs: readonly ShardRun[], context: ConsumerContext<Tools, Effect>): Promise<void> => {
  for (const run of runs) run.verify = false;
  const seen = await lookAtMarks(runs, context);
  if (!seen) return;
  const { epoch, heads, events } = seen;
  const renewed: ShardRun[] = [];
  for (const run of runs) {
    const head = heads[run.shard] ?? 0n;
    run.head = head;
    const verdict = verdictOn(run.mark, { epoch, head, eventIdAtMark: events.find(({ shard }) => shard === run.shard)?.eventId });
    if (verdict.is === "diverged") stopShard(run, { cause: "diverged", reason: verdict.reason }, context);
    else if (run.stopped?.cause === "diverged") resumeShard(run, context);
    if (verdict.is === "renewed") renewed.push(run);
  }
  await carryOver(renewed, epoch, context);
};

const lookAtMarks = async <Tools, Effect>(
  runs: readonly ShardRun[],
  { of, log, logger }: ConsumerContext<Tools, Effect>,
): Promise<(LogHeads & { events: readonly RecordedEvent[] }) | null> => {
  try {
    const cursors = runs.flatMap(({ shard, mark }) => (mark.position > 0n ? [{ shard, after: mark.position - 1n }] : []));
    const [heads, events] = await Promise.all([log.heads(), cursors.length > 0 ? log.read(cursors, 1) : []]);
    return { ...heads, events };
  } catch (error) {
    logger.warn({ ...of, error: reasonOf(error) }, "the owner of the log could not be asked for its heads");
    return null;
  }
};

const carryOver = async <Tools, Effect>(
  runs: readonly ShardRun[],
  epoch: string,
  context: ConsumerContext<Tools, Effect>,
): Promise<void> => {
  if (runs.length === 0) return;
  const moves = runs.map(({ shard, mark, stored }) => ({ shard, from: stored, to: { ...mark, epoch }, parked: [] }));
  const fenced = await context.sink.progress.move(context.of, moves);
  for (const { shard, to } of moves) {
    const run = runs.find((each) => each.shard === shard);
    if (run && !fenced.includes(shard)) isStored(run, to);
  }
  context.logger.warn(
    { ...context.of, epoch, shards: runs.map(({ shard }) => shard), fenced },
    "the log has a new epoch and the same history",
  );
};
