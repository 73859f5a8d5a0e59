import postgres, { type Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { runningPostgres } from "./running-postgres.ts";

/** Works on the services' database as its owner. */
export const withDatabase = async <Result>(
  { postgres: connection, dataDir }: Pick<OpsConfig, "postgres" | "dataDir">,
  work: (sql: Sql) => Promise<Result>,
): Promise<Result> => {
  const sql = postgres({ ...(connection ?? runningPostgres(dataDir)), max: 2, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

/** The services' schemas that have such a table. */
export const schemasWith = async (sql: Sql, table: "event" | "mark" | "effects_gate" | "parked_stream"): Promise<readonly string[]> => {
  const rows = await sql<{ schema: string }[]>`
    select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${table} and c.relkind = 'r'
      and exists (select from pg_class m where m.relnamespace = n.oid and m.relname = 'migration') order by 1`;
  return rows.map(({ schema }) => schema);
};
