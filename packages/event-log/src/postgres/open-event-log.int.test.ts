import { testDatabase } from "@cartwright/testkit/test-database";
import { commandHandlerConformance } from "../command-handler-conformance.ts";
import { eventLogConformance, type LogUnderTest } from "../conformance.ts";
import { openPostgresEventLog } from "./open-event-log.ts";

const open = async (): Promise<LogUnderTest> => {
  const db = await testDatabase();
  const openLog = () => openPostgresEventLog({ connection: db.options, schema: "cart" });
  const [log, other] = [await openLog(), await openLog()];
  return {
    log,
    other,
    async [Symbol.asyncDispose]() {
      await Promise.all([log.close(), other.close()]);
      await db[Symbol.asyncDispose]();
    },
  };
};

eventLogConformance("PostgreSQL", open);
commandHandlerConformance("PostgreSQL", open);
