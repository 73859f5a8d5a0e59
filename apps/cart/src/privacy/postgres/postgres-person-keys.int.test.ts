import { testDatabase } from "@cartwright/testkit/test-database";
import { prepareDatabase } from "../../testing/prepare-database.ts";
import { personKeysConformance } from "../person-keys-conformance.ts";
import { postgresPersonKeys } from "./postgres-person-keys.ts";

personKeysConformance("PostgreSQL", async () => {
  const db = await testDatabase({ prepare: prepareDatabase });
  return { keys: postgresPersonKeys(db.sql, "cart"), [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() };
});
