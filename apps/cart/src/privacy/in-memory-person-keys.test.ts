import { inMemoryPersonKeys } from "./in-memory-person-keys.ts";
import { personKeysConformance } from "./person-keys-conformance.ts";

personKeysConformance("in memory", async () => ({ keys: inMemoryPersonKeys(), async [Symbol.asyncDispose]() {} }));
