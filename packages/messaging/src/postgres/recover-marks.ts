import type { LogReader } from "@cartwright/event-log/event-log";
import { commonUpTo, type LogEpoch } from "@cartwright/event-log/postgres/epochs";
import type postgres from "postgres";
import type { GroupOnLog, Mark } from "../mark.ts";
import { verdictOn } from "../verify-marks.ts";
import { moveMarks, selectMarks } from "./mark-rows.ts";

export type RecoverOptions = {
  /** Of the groups, and the schema in which their marks are. */
  sql: postgres.Sql;
  schema: string;
  /** The owner's log as it is now, and the epochs that it remembers. */
  log: Pick<LogReader, "name" | "heads" | "read">;
  epochs: readonly LogEpoch[];
};

/** A mark that was made in a history that the log no longer has. */
export type DivergedMark = GroupOnLog & {
  shard: number;
  from: Mark;
  reason: string;
  /** The last event that both histories share; null where the log doesn't know, because nobody has told it that it was restored. */
  to: Mark | null;
};

/** Which marks of a schema's groups stand beyond what a restored log still shares with the one they were made on. */
export const divergedMarks = async ({ sql, schema, log, epochs }: RecoverOptions): Promise<readonly DivergedMark[]> => {
  const groups = await sql<{ consumer_group: string }[]>`
    select distinct consumer_group from ${sql(schema)}.mark where log = ${log.name} order by consumer_group`;
  const { epoch, heads } = await log.heads();
  const found: DivergedMark[] = [];
  for (const { consumer_group: group } of groups) {
    const marks = [...(await selectMarks(sql, schema, { group, log: log.name }))];
    const ids = await idsAt(
      log,
      marks.map(([shard, { position }]) => ({ shard, position })),
    );
    const diverged = marks.flatMap(([shard, from]) => {
      const verdict = verdictOn(from, { epoch, head: heads[shard] ?? 0n, eventIdAtMark: ids.get(shard) });
      if (verdict.is !== "diverged") return [];
      const common = commonUpTo(epochs, { epoch: from.epoch, shard, position: from.position });
      // In the epoch of today nothing was restored that the log knows of; then what is shared can't be told.
      const position = common === from.position ? null : common;
      return [{ group, log: log.name, shard, from, reason: verdict.reason, position }];
    });
    const shared = await idsAt(
      log,
      diverged.flatMap(({ shard, position }) => (position === null ? [] : [{ shard, position }])),
    );
    for (const { position, ...mark } of diverged)
      found.push({ ...mark, to: position === null ? null : { epoch, position, eventId: shared.get(mark.shard) ?? null } });
  }
  return found;
};

/**
 * Moves marks back to what is shared, and empties the queues of events that no longer are. Consumers that stand still for
 * it go on by themselves. What they had made of the lost events stays: views are to be rebuilt, effects outside to be reconciled.
 * @returns those that were moved; the others stood elsewhere by then.
 */
export const recoverMarks = (
  { sql, schema }: Pick<RecoverOptions, "sql" | "schema">,
  diverged: readonly DivergedMark[],
): Promise<readonly DivergedMark[]> =>
  sql.begin(async (tx) => {
    const moved: DivergedMark[] = [];
    for (const mark of diverged) {
      const { group, log, shard, from, to } = mark;
      if (to === null) continue;
      const elsewhere = await moveMarks(tx, schema, { group, log, moves: [{ shard, from, to, parked: [] }] });
      if (elsewhere.length > 0) continue;
      await tx`
        delete from ${tx(schema)}.parked_event
        where consumer_group = ${group} and log = ${log} and shard = ${shard} and position > ${String(to.position)}`;
      await tx`
        delete from ${tx(schema)}.parked_stream s
        where consumer_group = ${group} and log = ${log} and shard = ${shard} and not exists (
          select from ${tx(schema)}.parked_event e
          where e.consumer_group = s.consumer_group and e.log = s.log and e.stream_id = s.stream_id)`;
      moved.push(mark);
    }
    return moved;
  });

const idsAt = async (
  log: Pick<LogReader, "read">,
  places: readonly { shard: number; position: bigint }[],
): Promise<ReadonlyMap<number, string>> => {
  const cursors = places.flatMap(({ shard, position }) => (position > 0n ? [{ shard, after: position - 1n }] : []));
  const events = cursors.length > 0 ? await log.read(cursors, 1) : [];
  return new Map(events.map(({ shard, eventId }) => [shard, eventId]));
};
