import type { LogReader } from "@cartwright/event-log/event-log";
import type { GroupOnLog } from "@cartwright/messaging/mark";
import { insertParked } from "@cartwright/messaging/postgres/parked-rows";
import { postgresParking } from "@cartwright/messaging/postgres/postgres-parking";
import type { MarkMove, Progress } from "@cartwright/messaging/progress";
import type { RedisCartViewStore } from "@cartwright/read-model/redis/redis-cart-view-store";
import type postgres from "postgres";

export type RedisProgressOptions = {
  readonly store: RedisCartViewStore;
  readonly log: Pick<LogReader, "heads" | "shards">;
  /** Where queues of parked streams are: unlike views they can't be made again. */
  readonly sql: postgres.Sql;
  readonly schema: string;
};

export type RedisProgress = Progress & {
  /** @returns false where a mark is elsewhere by now; then nothing was parked. */
  park(of: GroupOnLog, move: MarkMove): Promise<boolean>;
};

/** Marks beside the views in Redis, of one version of the projection. */
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
