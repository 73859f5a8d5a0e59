import { testDatabase } from "@cartwright/testkit/test-database";
import { postgresPersonKeys } from "../../privacy/postgres/postgres-person-keys.ts";
import { prepareDatabase } from "../../testing/prepare-database.ts";
import { customerTableConformance } from "../customer-table-conformance.ts";
import { postgresCustomerTable } from "./postgres-customer-table.ts";

customerTableConformance(async () => {
  const db = await testDatabase({ prepare: prepareDatabase });
  const [table, keys] = [postgresCustomerTable(db.sql, "cart"), postgresPersonKeys(db.sql, "cart")];
  return { table, keys, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
});
