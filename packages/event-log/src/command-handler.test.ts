import { commandHandlerConformance } from "./command-handler-conformance.ts";
import { inMemoryEventLog } from "./in-memory-event-log.ts";

commandHandlerConformance("memory", async () => {
  const log = inMemoryEventLog({ name: "test" });
  return { log, other: log, [Symbol.asyncDispose]: async () => {} };
});
