import { testDatabase } from "@cartwright/testkit/test-database";
import { eventLogConformance } from "../conformance.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

eventLogConformance("PostgreSQL", async () => {
  const db = await testDatabase();
  const open = () => openPostgresEventLog({ connection: db.options, schema: "cart" });
  const [log, other] = [await open(), await open()];
  return {
    log,
    other,
    async [Symbol.asyncDispose]() {
      await Promise.all([log.close(), other.close()]);
      await db[Symbol.asyncDispose]();
    },
  };
});
