import { eventLogConformance } from "./conformance.ts";
import { inMemoryEventLog } from "./in-memory-event-log.ts";

eventLogConformance("memory", async () => {
  const log = inMemoryEventLog({ name: "test" });
  return { log, other: log, [Symbol.asyncDispose]: async () => {} };
});
