import { cartStreamId } from "@cartwright/contracts/cart-events";
import { shardOf } from "@cartwright/event-log/shard-of";
import type postgres from "postgres";
import type { CartWritten } from "../cart-views.ts";

export const shards = 16;

/** For tests: what a projector keeps of its progress in the same schema, as far as those see it who read the views. */
export const shardProgress = (schema: string) => ({
  /** Of `group` all shards, from their beginning; whole from `readyAt` on. */
  async begin(sql: postgres.Sql, group: string, readyAt = 0) {
    await this.beginAsBefore(sql, group);
    await sql.unsafe(`
      insert into ${schema}.projection_ready select '${group}', shard, ${readyAt} from generate_series(0, ${shards - 1}) shard;`);
  },
  /** The same by a release that did not say from where on they are whole. */
  async beginAsBefore(sql: postgres.Sql, group: string) {
    await sql.unsafe(`
      create table if not exists ${schema}.mark_shard (consumer_group text, shard smallint, pos bigint, primary key (consumer_group, shard));
      create or replace function ${schema}.marks(p_group text, p_log text) returns table (shard smallint, epoch text, pos bigint, event_id uuid)
        language sql stable as $$ select shard, 'e', pos, null::uuid from ${schema}.mark_shard where consumer_group = p_group $$;
      select ${schema}.allow('select', '${schema}.mark_shard');
      insert into ${schema}.mark_shard select '${group}', shard, 0 from generate_series(0, ${shards - 1}) shard;`);
  },
  /** The cart's shard has been projected up to there. */
  async reach(sql: postgres.Sql | postgres.TransactionSql, group: string, { cartId, position }: CartWritten) {
    const shard = shardOf(cartStreamId(cartId), shards);
    await sql`update ${sql(`${schema}.mark_shard`)} set pos = ${String(position)} where consumer_group = ${group} and shard = ${shard}`;
  },
});
