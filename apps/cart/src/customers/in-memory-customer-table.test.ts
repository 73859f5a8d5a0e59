import { inMemoryPersonKeys } from "../privacy/in-memory-person-keys.ts";
import { customerTableConformance } from "./customer-table-conformance.ts";
import { inMemoryCustomerTable } from "./in-memory-customer-table.ts";

customerTableConformance(async () => {
  const keys = inMemoryPersonKeys();
  return { table: inMemoryCustomerTable(keys), keys, [Symbol.asyncDispose]: async () => {} };
});
