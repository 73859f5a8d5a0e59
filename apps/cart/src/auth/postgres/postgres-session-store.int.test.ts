import { migrate } from "@cartwright/event-log/postgres/migrate";
import { testDatabase } from "@cartwright/testkit/test-database";
import type postgres from "postgres";
import { sessionStoreConformance } from "../session-store-conformance.ts";
import { accountsAndSessions } from "./migrations/0001-accounts-and-sessions.ts";
import { postgresSessionStore } from "./postgres-session-store.ts";

const prepare = (sql: postgres.Sql) => migrate(sql, { schema: "cart", component: "auth", migrations: [accountsAndSessions] });

sessionStoreConformance("on PostgreSQL", async () => {
  const database = await testDatabase({ prepare });
  return { store: postgresSessionStore(database.sql, "cart"), [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
});
