import { catalogTableConformance } from "./catalog-table-conformance.ts";
import { inMemoryCatalogTable } from "./in-memory-catalog-table.ts";

catalogTableConformance("in memory", async () => {
  const table = inMemoryCatalogTable();
  return { table, apply: async (entries) => table.put(entries), async [Symbol.asyncDispose]() {} };
});
