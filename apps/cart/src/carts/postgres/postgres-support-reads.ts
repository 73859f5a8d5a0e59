import type postgres from "postgres";
import type { SupportReads } from "../support-reads.ts";

/** The table `support_read` of `schema`. */
export const postgresSupportReads = (sql: postgres.Sql, schema: string): SupportReads => ({
  async record({ cartId, actor, reason, question, at }) {
    await sql`
      insert into ${sql(`${schema}.support_read`)} (cart_id, actor, reason, question, at)
      values (${cartId}, ${actor}, ${reason}, ${question}, ${at})`;
  },
});
