import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { testDatabase } from "@cartwright/testkit/test-database";
import { appendSink, type Reaction } from "./append-sink.ts";
import type { ConsumerUnderTest, Seen } from "./conformance/bench-conformance.ts";
import { consumerConformance } from "./consumer-conformance.ts";
import { shardLeases } from "./leases.ts";
import { logSource } from "./log-source.ts";
import { postgresProgress } from "./postgres/postgres-progress.ts";
import { type TableTools, tableSink } from "./table-sink.ts";
import { noteOf, notesIn } from "./testing/notes.ts";
import { serviceDatabase } from "./testing/service-database.ts";

const schema = "fraud";

consumerConformance("a PostgreSQL log to tables", async (): Promise<ConsumerUnderTest<TableTools, void>> => {
  const { db, sql, [Symbol.asyncDispose]: dispose } = await serviceDatabase(schema, testDatabase);
  const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  return {
    log,
    source: () => logSource({ log }),
    sharedSource: (owner) => logSource({ log, leases: shardLeases({ sql, schema, owner, ttlMs: 200 }) }),
    sink: () => tableSink({ sql, schema }),
    async apply({ streamId, version }, { tx }) {
      await tx`insert into ${tx(schema)}.effect (stream_id, version) values (${streamId}, ${version})`;
    },
    seen: () => sql<Seen[]>`select stream_id as "streamId", version from ${sql(schema)}.effect order by n`,
    async [Symbol.asyncDispose]() {
      await log.close();
      await dispose();
    },
  };
});

consumerConformance("a PostgreSQL log to reactions", async (): Promise<ConsumerUnderTest<Record<never, never>, Reaction | undefined>> => {
  const { db, sql, [Symbol.asyncDispose]: dispose } = await serviceDatabase(schema, testDatabase, { hasLog: true });
  const log = await openPostgresEventLog({ connection: db.options, schema: "cart" });
  const own = await openPostgresEventLog({ connection: db.options, schema });
  return {
    log,
    source: () => logSource({ log }),
    sharedSource: (owner) => logSource({ log, leases: shardLeases({ sql, schema, owner, ttlMs: 200 }) }),
    sink: () => appendSink({ log: own, progress: postgresProgress({ sql, schema }) }),
    apply: async (event, { group }) => noteOf(event, group),
    seen: () => notesIn(own),
    async [Symbol.asyncDispose]() {
      await Promise.all([log.close(), own.close()]);
      await dispose();
    },
  };
});
