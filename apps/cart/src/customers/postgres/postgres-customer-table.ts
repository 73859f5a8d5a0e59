import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { CustomerTable } from "../customer-table.ts";

/** The table `coupon_customer` of `schema`. */
export const postgresCustomerTable = (sql: SqlClient, schema: string): CustomerTable => {
  const table = sql(`${schema}.coupon_customer`);
  return {
    async with(hashes) {
      const [found] = await sql<{ customer: string }[]>`select customer from ${table} where hash = any(${[...hashes]}) limit 1`;
      return found?.customer ?? null;
    },
    async keep({ hash, customer, keyId }) {
      // The key is locked, so that one that is just being destroyed is waited for and then not there. An update that changes nothing, since
      // `do nothing` answers no row.
      const [kept] = await sql<{ customer: string }[]>`
        insert into ${table} as c (hash, customer, key_id)
        select ${hash}, ${customer}, key_id from ${sql(`${schema}.person_key`)} where key_id = ${keyId} for key share
        on conflict (hash) do update set hash = c.hash
        returning customer`;
      return kept?.customer ?? null;
    },
  };
};
