import type { ConsumerContext } from "./consumer-context.ts";
import { type Mark, sameMark } from "./mark.ts";
import type { ShardRun } from "./shard-run.ts";
import { newShardRun, reloadRun } from "./shard-run.ts";

/** Shards as they are stored, with new marks where the group has none yet. */
export const loadRuns = async <Tools, Effect>(
  shards: readonly number[],
  context: ConsumerContext<Tools, Effect>,
): Promise<readonly ShardRun[]> => {
  const { of, sink } = context;
  let marks = await sink.progress.marks(of);
  const missing = shards.filter((shard) => !marks.has(shard));
  if (missing.length > 0) {
    await sink.progress.begin(of, await firstMarks(missing, context));
    // Another process may have begun first, and its marks count.
    marks = await sink.progress.marks(of);
  }
  const streams = await sink.progress.parking.streams(of, shards);
  return shards.flatMap((shard) => {
    const mark = marks.get(shard);
    if (!mark) return [];
    const run = newShardRun(shard, mark);
    reloadRun(
      run,
      mark,
      streams.filter((stream) => stream.shard === shard),
    );
    return [run];
  });
};

/**
 * Puts shards where their store has them, if it can lose what was written: a mark that is gone is made anew, and one that is
 * behind is gone back to.
 */
export const goBackToStored = async <Tools, Effect>(runs: readonly ShardRun[], context: ConsumerContext<Tools, Effect>): Promise<void> => {
  const { of, sink, logger } = context;
  if (!sink.progress.canForget) return;
  // Not at once again if the store is away.
  for (const run of runs) run.verify = false;
  const marks = await sink.progress.marks(of);
  for (const run of runs) {
    const stored = marks.get(run.shard);
    if (stored && sameMark(stored, run.stored)) continue;
    const { position } = run.mark;
    await reload(run, context);
    logger.warn({ ...of, shard: run.shard, from: String(position), to: String(run.mark.position) }, "the store has another mark");
  }
};

/** Puts a shard that another process has moved where it is stored. */
export const reload = async <Tools, Effect>(run: ShardRun, context: ConsumerContext<Tools, Effect>): Promise<void> => {
  const { of, sink } = context;
  let marks = await sink.progress.marks(of);
  if (!marks.has(run.shard) && sink.progress.canForget) {
    await sink.progress.begin(of, await firstMarks([run.shard], context));
    marks = await sink.progress.marks(of);
  }
  const streams = await sink.progress.parking.streams(of, [run.shard]);
  reloadRun(run, marks.get(run.shard) ?? run.mark, streams);
  run.verify = true;
};

const firstMarks = async <Tools, Effect>(
  shards: readonly number[],
  { log, startAt }: ConsumerContext<Tools, Effect>,
): Promise<ReadonlyMap<number, Mark>> => {
  const { epoch, heads } = await log.heads();
  const zero = { epoch, position: 0n, eventId: null };
  if (startAt === "beginning") return new Map(shards.map((shard) => [shard, zero]));
  const cursors = shards.flatMap((shard) => {
    const head = heads[shard] ?? 0n;
    return head > 0n ? [{ shard, after: head - 1n }] : [];
  });
  const events = cursors.length > 0 ? await log.read(cursors, 1) : [];
  return new Map(
    shards.map((shard) => {
      const last = events.find((event) => event.shard === shard);
      return [shard, last ? { epoch, position: last.position, eventId: last.eventId } : zero];
    }),
  );
};
