import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import postgres from "postgres";
import { messagingMigrations } from "../postgres/messaging-migrations.ts";

type TestDatabase = AsyncDisposable & { readonly options: postgres.Options<Record<string, never>>; readonly sql: postgres.Sql };
type OpenTestDatabase = (options: { prepare: (sql: postgres.Sql) => Promise<unknown> }) => Promise<TestDatabase>;

export type ServiceDatabase = AsyncDisposable & {
  /** As its owner. */
  db: TestDatabase;
  /** As the service: it may do what the migrations grant, and no more. */
  sql: postgres.Sql;
};

const prepared = new Map<string, (sql: postgres.Sql) => Promise<void>>();

export type ServiceDatabaseOptions = {
  /** The test opens a log in the schema itself. Otherwise there is as much of one as tells its epoch. */
  readonly hasLog?: boolean;
};

/** For tests: a database with this package's tables in `schema`, beside the epoch of a log, and a table `effect` for what handlers do. */
export const serviceDatabase = async (
  schema: string,
  testDatabase: OpenTestDatabase,
  { hasLog = false }: ServiceDatabaseOptions = {},
): Promise<ServiceDatabase> => {
  // One function for each, since a template is kept for each.
  const key = `${schema} ${hasLog}`;
  const prepare =
    prepared.get(key) ??
    (async (sql: postgres.Sql) => {
      await migrate(sql, { schema, ...messagingMigrations });
      if (!hasLog) {
        await sql`create table ${sql(schema)}.log as select 'epoch-1' as epoch`;
        await sql.unsafe(`select ${schema}.allow('select', '${schema}.log')`);
      }
      await sql`create table ${sql(schema)}.effect (n bigint generated always as identity, stream_id text, version integer)`;
      await sql.unsafe(`select ${schema}.allow('select, insert', '${schema}.effect')`);
    });
  prepared.set(key, prepare);
  const db = await testDatabase({ prepare });
  const sql = postgres(await serviceConnection(db.sql, { connection: db.options, schema }));
  return {
    db,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await db[Symbol.asyncDispose]();
    },
  };
};
