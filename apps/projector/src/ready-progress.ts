import type { LogReader } from "@cartwright/event-log/event-log";
import { intArray } from "@cartwright/event-log/postgres/array-literal";
import type { Progress } from "@cartwright/messaging/progress";
import type postgres from "postgres";

export type ReadyProgressOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Whose events fill what the group keeps. */
  readonly log: Pick<LogReader, "heads">;
};

/** Progress that says where the log ended when a shard's filling began, so that readers know what is whole. */
export const readyProgress = (progress: Progress, { sql, schema, log }: ReadyProgressOptions): Progress => ({
  ...progress,
  async begin(of, marks) {
    const { heads } = await log.heads();
    const shards = [...marks.keys()].sort((left, right) => left - right);
    // Before the marks: there is none that says nothing of it.
    await sql.unsafe(
      `insert into ${schema}.projection_ready (consumer_group, shard, position)
       select $1, r.shard, r.position from unnest($2::smallint[], $3::bigint[]) r(shard, position) on conflict do nothing`,
      [of.group, intArray(shards), `{${shards.map((shard) => heads[shard] ?? 0n).join(",")}}`],
    );
    await progress.begin(of, marks);
  },
});
