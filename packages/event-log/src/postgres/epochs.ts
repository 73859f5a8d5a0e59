import type postgres from "postgres";
import { LogUnavailable, ShardCountMismatch } from "../errors.ts";

/** One life of a log's database; a restored one begins another. */
export type LogEpoch = {
  epoch: string;
  /** By shard, the log's head when the epoch began: up to there its history is that of the epoch before. */
  beganAt: readonly bigint[];
  openedAt: Date;
};

/**
 * The epoch of the database that is being opened: a new one where it is a restored copy, which finds itself in another place.
 * @throws {ShardCountMismatch}
 */
export const openEpoch = (owner: postgres.Sql, schema: string, shards: number): Promise<string> =>
  owner.begin(async (sql) => {
    // Without parameters it is sent whole: see `migrate`.
    const [row] = await sql<{ epoch: string; shards: number }[]>`
      with here as (
        select format('%s/%s', (select system_identifier from pg_control_system()), (select oid from pg_database where datname = current_database())) as home
      )
      insert into ${sql(schema)}.log (shards, epoch, home) select ${sql.unsafe(String(Math.trunc(shards)))}, gen_random_uuid(), home from here
      on conflict (only_row) do update set
        epoch = case when log.home = excluded.home then log.epoch else gen_random_uuid() end,
        home = excluded.home
      returning epoch, shards`;
    if (!row) throw new LogUnavailable(`${schema}: the log's own row could not be read`);
    if (row.shards !== shards)
      throw new ShardCountMismatch(
        `${schema}: the log has ${row.shards} shards and this process is configured for ${shards}; the number never changes`,
      );
    await sql`select ${sql(schema)}.note_epoch()`;
    return row.epoch;
  });

/**
 * For a database that was put back in its own place, which can't be told from one that was not. Before the services start
 * again: what they append afterwards belongs to the new epoch.
 */
export const renewEpoch = (owner: postgres.Sql, schema: string): Promise<string> =>
  owner.begin(async (sql) => {
    const [row] = await sql<{ epoch: string }[]>`update ${sql(schema)}.log set epoch = gen_random_uuid() returning epoch`;
    if (!row) throw new LogUnavailable(`${schema}: there is no log here`);
    await sql`select ${sql(schema)}.note_epoch()`;
    return row.epoch;
  });

/** Oldest first. */
export const epochsOf = async (sql: postgres.Sql, schema: string): Promise<readonly LogEpoch[]> => {
  const rows = await sql<{ epoch: string; began_at: readonly string[]; opened_at: Date }[]>`
    select epoch, began_at::text[] as began_at, opened_at from ${sql(schema)}.epoch order by number`;
  return rows.map((row) => ({ epoch: row.epoch, beganAt: row.began_at.map(BigInt), openedAt: row.opened_at }));
};

/**
 * Up to which position what was counted in an earlier epoch still holds: the last event that the log of then and the one
 * of today share. Null where that epoch never was this log's.
 */
export const commonUpTo = (
  epochs: readonly LogEpoch[],
  { epoch, shard, position }: { epoch: string; shard: number; position: bigint },
): bigint | null => {
  const since = epochs.findIndex((each) => each.epoch === epoch);
  if (since === -1) return null;
  return epochs.slice(since + 1).reduce((least, { beganAt }) => {
    const ended = beganAt[shard] ?? 0n;
    return ended < least ? ended : least;
  }, position);
};
