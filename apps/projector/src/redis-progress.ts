import type { LogReader } from "@cartwright/event-log/event-log";
import type { GroupOnLog } from "@cartwright/messaging/mark";
import { insertParked } from "@cartwright/messaging/postgres/parked-rows";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { MarkMove, Progress } from "@cartwright/messaging/progress";
import type { MarkedMove, WriteOutcome } from "@cartwright/read-model/redis/redis-cart-view-store";
import type { StoredMark } from "@cartwright/read-model/redis/stored-mark";
import type postgres from "postgres";

/** Marks that are in Redis beside what is written there with them. */
export type RedisMarks = {
  marks(shards: number): Promise<ReadonlyMap<number, StoredMark>>;
  begin(marks: ReadonlyMap<number, StoredMark>, heads: readonly bigint[]): Promise<void>;
  /** With nothing to write: only the mark moves. */
  write(nothing: readonly never[], move: MarkedMove): Promise<WriteOutcome>;
};

export type RedisProgressOptions = {
  readonly store: RedisMarks;
  readonly log: Pick<LogReader, "heads" | "shards">;
  /** Where queues of parked streams are: unlike views they can't be made again. */
  readonly sql: postgres.Sql;
  readonly schema: string;
};

export type RedisProgress = Progress & {
  /** @returns false where a mark is elsewhere by now; then nothing was parked. */
  park(of: GroupOnLog, move: MarkMove): Promise<boolean>;
};

/** The progress of one version of a projection in Redis. */
export const redisProgress = ({ store, log, sql, schema }: RedisProgressOptions): RedisProgress => {
  const isAtFrom = async ({ shard, from }: MarkMove) => {
    const mark = (await store.marks(log.shards)).get(shard);
    return mark?.position === from.position && mark.epoch === from.epoch && mark.eventId === from.eventId;
  };
  const park = async (of: GroupOnLog, move: MarkMove) => {
    if (move.parked.length === 0) return true;
    // Before the mark moves, so that no event is lost between the two; done twice it is the same.
    if (!(await isAtFrom(move))) return false;
    await sql.begin((tx) => insertParked(tx, schema, { ...of, moves: [move] }));
    return true;
  };
  return {
    canForget: true,
    marks: () => store.marks(log.shards),
    begin: async (_of, marks) => store.begin(marks, (await log.heads()).heads),
    async move(of, moves) {
      const moved = await Promise.all(moves.map(async (move) => (await park(of, move)) && (await store.write([], move)).applied));
      return moves.flatMap(({ shard }, index) => (moved[index] ? [] : [shard]));
    },
    parking: postgresParking(sql, schema),
    park,
  };
};
