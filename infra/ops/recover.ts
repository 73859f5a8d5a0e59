import { epochsOf, renewEpoch } from "@cartwright/event-log/postgres/epochs";
import { logReads } from "@cartwright/event-log/postgres/log-reads";
import { type DivergedMark, divergedMarks, recoverMarks } from "@cartwright/messaging/postgres/recover-marks";
import postgres, { type Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { OpsError } from "./ops-error.ts";
import { runningPostgres } from "./running-postgres.ts";

type Database = Pick<OpsConfig, "postgres" | "dataDir">;

/** Says, before its service starts, that a log's database was put back from a backup in its own place. */
export const noteRestored = async (config: Database, log: string): Promise<string> =>
  withDatabase(config, async (sql) => {
    const logs = await schemasWith(sql, "event");
    if (!logs.includes(log)) throw new OpsError(`there is no log ${log} in this database; there are: ${logs.join(", ")}`);
    return renewEpoch(sql, log);
  });

/** The marks of all groups in this database that stand beyond what its logs still hold; moved back with `apply`. */
export const recover = async (config: Database, { apply }: { apply: boolean }): Promise<readonly DivergedMark[]> =>
  withDatabase(config, async (sql) => {
    const [logs, groups] = await Promise.all([schemasWith(sql, "event"), schemasWith(sql, "mark")]);
    const found: DivergedMark[] = [];
    for (const name of logs) {
      const [row] = await sql<{ shards: number }[]>`select shards from ${sql(name)}.log`;
      const log = { name, ...logReads(sql, { schema: name, shards: row?.shards ?? 0 }) };
      const epochs = await epochsOf(sql, name);
      for (const schema of groups) {
        const diverged = await divergedMarks({ sql, schema, log, epochs });
        found.push(...diverged);
        if (apply) await recoverMarks({ sql, schema }, diverged);
      }
    }
    return found;
  });

const withDatabase = async <Result>({ postgres: connection, dataDir }: Database, work: (sql: Sql) => Promise<Result>): Promise<Result> => {
  const sql = postgres({ ...(connection ?? runningPostgres(dataDir)), max: 2, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

const schemasWith = async (sql: Sql, table: "event" | "mark"): Promise<readonly string[]> => {
  const rows = await sql<{ schema: string }[]>`
    select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${table} and c.relkind = 'r'
      and exists (select from pg_class m where m.relnamespace = n.oid and m.relname = 'migration') order by 1`;
  return rows.map(({ schema }) => schema);
};
