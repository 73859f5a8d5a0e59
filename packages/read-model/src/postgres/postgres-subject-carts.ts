import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { textList } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import type { SubjectCarts } from "../subject-carts.ts";

/** The table `subject_cart` of `schema`. */
export const postgresSubjectCarts = (sql: postgres.Sql, schema: string): SubjectCarts => ({
  async page(subject, { after, limit }) {
    const rows = await sql<{ cart_id: CartId; opened_at: Date }[]>`
      select cart_id, opened_at from ${sql(`${schema}.subject_cart`)}
      where subject = ${subject} ${after ? sql`and (opened_at, cart_id) < (${after.at}, ${after.cartId})` : sql``}
      order by opened_at desc, cart_id desc limit ${limit}`;
    return rows.map((row) => ({ cartId: row.cart_id, at: instantOf(row.opened_at) }));
  },
});

export type OpenedCart = { cartId: CartId; subject: SubjectId; openedAt: Instant };

/** In one statement; a cart that is there already stays as it is. */
export const insertSubjectCarts = async (tx: postgres.TransactionSql, schema: string, carts: readonly OpenedCart[]): Promise<void> => {
  if (carts.length === 0) return;
  await tx.unsafe(
    `insert into ${schema}.subject_cart (cart_id, subject, opened_at)
     select r.cart_id::uuid, r.subject, r.opened_at::timestamptz
     from unnest(string_to_array($1, chr(31)), string_to_array($2, chr(31)), string_to_array($3, chr(31))) r(cart_id, subject, opened_at)
     order by r.cart_id on conflict do nothing`,
    [
      textList(carts.map(({ cartId }) => cartId)),
      textList(carts.map(({ subject }) => subject)),
      textList(carts.map(({ openedAt }) => openedAt)),
    ],
    { prepare: true },
  );
};
