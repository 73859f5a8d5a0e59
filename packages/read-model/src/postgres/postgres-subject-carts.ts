import type { CartId, SubjectId } from "@cartwright/contracts/ids";
import { type Instant, instantOf } from "@cartwright/contracts/instant";
import { textList } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import type { IndexReached, SubjectCarts } from "../subject-carts.ts";

export type PostgresSubjectCartsOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Of the cart's log. */
  readonly shards: number;
};

/** The version of the index that is shown in `schema`, with the marks of the same moment. */
export const postgresSubjectCarts = ({ sql, schema, shards }: PostgresSubjectCartsOptions): SubjectCarts => {
  const isAsFarAs = ({ epoch, positions }: IndexReached) =>
    sql`and epoch = ${epoch} and pos >= (${positions.map(String)}::bigint[])[shard + 1]`;
  return {
    async page(subject, { by = "openedAt", after, limit, reached }) {
      const time = sql(by === "openedAt" ? "opened_at" : "placed_at");
      const rows = await sql<{ filled: number; cart_id: CartId | null; at: Date | null }[]>`
        select m.filled, c.cart_id, c.at
        from (
          select (count(*) filter (where pos >= ready_at ${reached ? isAsFarAs(reached) : sql``}))::integer as filled
          from ${sql(`${schema}.subject_cart_marks`)}()
        ) m
        left join lateral (
          select cart_id, ${time} as at from ${sql(`${schema}.shown_subject_cart`)}
          where subject = ${subject}
            ${by === "placedAt" ? sql`and placed_at is not null` : sql``}
            ${after ? sql`and (${time}, cart_id) < (${after.at}, ${after.cartId})` : sql``}
          order by ${time} desc, cart_id desc limit ${limit}
        ) c on true
        order by c.at desc, c.cart_id desc`;
      if (rows[0]?.filled !== shards) return null;
      return rows.flatMap(({ cart_id: cartId, at }) => (cartId && at ? [{ cartId, at: instantOf(at) }] : []));
    },
  };
};

export type OpenedCart = { cartId: CartId; subject: SubjectId; openedAt: Instant };
export type OrderedCart = { cartId: CartId; placedAt: Instant };

/** Into a version's table, in one statement; a cart that is there already stays as it is. */
export const insertSubjectCarts = async (tx: postgres.TransactionSql, table: string, carts: readonly OpenedCart[]): Promise<void> => {
  if (carts.length === 0) return;
  await tx.unsafe(
    `insert into ${table} (cart_id, subject, opened_at)
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

/** Says of carts that are there when they were ordered, in one statement. */
export const placeSubjectCarts = async (tx: postgres.TransactionSql, table: string, carts: readonly OrderedCart[]): Promise<void> => {
  if (carts.length === 0) return;
  await tx.unsafe(
    `update ${table} c set placed_at = r.placed_at::timestamptz
     from unnest(string_to_array($1, chr(31)), string_to_array($2, chr(31))) r(cart_id, placed_at)
     where c.cart_id = r.cart_id::uuid`,
    [textList(carts.map(({ cartId }) => cartId)), textList(carts.map(({ placedAt }) => placedAt))],
    { prepare: true },
  );
};
