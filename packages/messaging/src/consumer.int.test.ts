import { migrate } from "@cartwright/event-log/postgres/migrate";
import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { appendSink, type Reaction } from "./append-sink.ts";
import type { ConsumerUnderTest, Seen } from "./conformance/bench-conformance.ts";
import { consumerConformance } from "./consumer-conformance.ts";
import { shardLeases } from "./leases.ts";
import { logSource } from "./log-source.ts";
import { messagingMigrations } from "./postgres/messaging-migrations.ts";
import { postgresProgress } from "./postgres/postgres-progress.ts";
import { type TableTools, tableSink } from "./table-sink.ts";
import { noteOf, notesIn } from "./testing/notes.ts";

const schema = "fraud";
const prepare = async (sql: postgres.Sql) => {
  await migrate(sql, { schema, ...messagingMigrations });
  await sql`create table ${sql(schema)}.effect (n bigint generated always as identity, stream_id text, version integer)`;
};

consumerConformance("a PostgreSQL log to tables", async (): Promise<ConsumerUnderTest<TableTools, void>> => {
  const db = await testDatabase({ prepare });
  const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  return {
    log,
    source: () => logSource({ log }),
    sharedSource: (owner) => logSource({ log, leases: shardLeases({ sql: db.sql, schema, owner, ttlMs: 200 }) }),
    sink: () => tableSink({ sql: db.sql, schema }),
    async apply({ streamId, version }, { tx }) {
      await tx`insert into ${tx(schema)}.effect (stream_id, version) values (${streamId}, ${version})`;
    },
    seen: () => db.sql<Seen[]>`select stream_id as "streamId", version from ${db.sql(schema)}.effect order by n`,
    async [Symbol.asyncDispose]() {
      await log.close();
      await db[Symbol.asyncDispose]();
    },
  };
});

consumerConformance("a PostgreSQL log to reactions", async (): Promise<ConsumerUnderTest<Record<never, never>, Reaction | undefined>> => {
  const db = await testDatabase({ prepare });
  const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  const own = await openPostgresEventLog({ connection: db.options, schema });
  return {
    log,
    source: () => logSource({ log }),
    sharedSource: (owner) => logSource({ log, leases: shardLeases({ sql: db.sql, schema, owner, ttlMs: 200 }) }),
    sink: () => appendSink({ log: own, progress: postgresProgress({ sql: db.sql, schema }) }),
    apply: async (event, { group }) => noteOf(event, group),
    seen: () => notesIn(own),
    async [Symbol.asyncDispose]() {
      await Promise.all([log.close(), own.close()]);
      await db[Symbol.asyncDispose]();
    },
  };
});
