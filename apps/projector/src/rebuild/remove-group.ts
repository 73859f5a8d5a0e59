import type postgres from "postgres";

/** Forgets how far a group of consumers was, and what it had parked. As the schema's owner. */
export const removeGroup = async (tx: postgres.TransactionSql, schema: string, group: string): Promise<void> => {
  for (const table of ["mark", "mark_shard", "projection_ready", "parked_event", "parked_stream"])
    await tx`delete from ${tx(`${schema}.${table}`)} where consumer_group = ${group}`;
};
