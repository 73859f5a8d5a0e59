import type { PersonKeys } from "../privacy/person-keys.ts";
import type { CustomerTable, KeptCustomer } from "./customer-table.ts";

/** For tests, and where there is no PostgreSQL. */
export const inMemoryCustomerTable = (keys: Pick<PersonKeys, "byIds">): CustomerTable => {
  const rows = new Map<string, KeptCustomer>();
  const living = async (hash: string) => {
    const row = rows.get(hash);
    return row && (await keys.byIds([row.keyId])).has(row.keyId) ? row : null;
  };
  return {
    async with(hashes) {
      const found = await Promise.all(hashes.map(living));
      return found.find((row) => row !== null)?.customer ?? null;
    },
    async keep(row) {
      if (!(await keys.byIds([row.keyId])).has(row.keyId)) return null;
      const before = rows.get(row.hash);
      const isForgotten = before !== undefined && (await living(row.hash)) === null;
      // Who was kept while that was looked up was first.
      if (rows.get(row.hash) === before && (!before || isForgotten)) rows.set(row.hash, row);
      return rows.get(row.hash)?.customer ?? null;
    },
  };
};
