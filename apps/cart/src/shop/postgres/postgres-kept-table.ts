import type { JsonObject } from "@cartwright/event-log/event-log";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { Kind } from "../kept.ts";
import type { KeptRow, KeptTable } from "../kept-table.ts";

/** The table `shop_kept` of `schema`, kept by `applyToKept`. */
export const postgresKeptTable = (sql: SqlClient, schema: string): KeptTable => {
  const table = sql(`${schema}.shop_kept`);
  const columns = sql`kind, id, version, data, is_retired as "isRetired"`;
  return {
    get: <K extends Kind>(kind: K, ids: readonly string[]) =>
      sql<KeptRow<K>[]>`select ${columns} from ${table} where kind = ${kind} and id = any(${[...ids]})`,
    list: <K extends Kind>(kind: K, { after = "", limit }: { after?: string | undefined; limit: number }) =>
      sql<KeptRow<K>[]>`select ${columns} from ${table} where kind = ${kind} and id > ${after} order by id limit ${limit}`,
    async has(kind, versions) {
      const [missing] = await sql`
        select from unnest(${[...versions.keys()]}::text[], ${[...versions.values()]}::integer[]) as asked(id, version)
        where not exists (select from ${table} k where k.kind = ${kind} and k.id = asked.id and k.version >= asked.version) limit 1`;
      return missing === undefined;
    },
  };
};

/** Brings the table to what `rows` say, in one statement however many they are. A row that is no newer changes nothing. */
export const applyToKept = async (tx: SqlClient, schema: string, rows: readonly KeptRow[]): Promise<void> => {
  if (rows.length === 0) return;
  // They are plain JSON, which their type doesn't say.
  const json = tx.json(rows as unknown as readonly JsonObject[]);
  await tx`
    insert into ${tx(`${schema}.shop_kept`)} as k (kind, id, version, data, is_retired)
    select kind, id, version, data, "isRetired"
    from jsonb_to_recordset(${json}) as r(kind text, id text, version integer, data jsonb, "isRetired" boolean)
    on conflict (kind, id) do update set version = excluded.version, data = excluded.data, is_retired = excluded.is_retired
    where excluded.version > k.version`;
};
