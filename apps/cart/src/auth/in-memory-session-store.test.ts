import { inMemorySessionStore } from "./in-memory-session-store.ts";
import { sessionStoreConformance } from "./session-store-conformance.ts";

sessionStoreConformance("in memory", async () => ({ store: inMemorySessionStore(), async [Symbol.asyncDispose]() {} }));
