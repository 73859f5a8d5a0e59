import { cartStreamId } from "@cartwright/contracts/cart-events";
import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import { shardOf } from "@cartwright/event-log/shard-of";
import type postgres from "postgres";
import { cartListPage } from "../cart-list-page.ts";
import type { CartViewReader } from "../cart-views.ts";
import { parseView } from "../stored-record.ts";

export type PostgresCartViewReaderOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Of the cart's log. */
  readonly shards: number;
};

/** The version that is shown in `schema`, with the marks of the same moment. */
export const postgresCartViewReader = ({ sql, schema, shards }: PostgresCartViewReaderOptions): CartViewReader => {
  const table = sql(`${schema}.shown_cart_view`);
  const marks = sql`${sql(`${schema}.projection_marks`)}(${sql(`${schema}.shown_cart_group`)}())`;
  // A table that has been filled stays so: another version is shown only when it is, too.
  let isFilled = false;

  const filledShards = async (): Promise<ReadonlySet<number>> => {
    const rows = await sql<{ shard: number }[]>`select shard from ${marks} where pos >= ready_at`;
    isFilled = rows.length === shards;
    return new Set(rows.map(({ shard }) => shard));
  };

  return {
    async getMany(cartIds) {
      // Before the views: what is filled then, is so in what is read after it.
      const filled = isFilled ? null : await filledShards();
      const asked = filled ? cartIds.filter((cartId) => filled.has(shardOf(cartStreamId(cartId), shards))) : cartIds;
      if (asked.length === 0) return new Map();
      const rows = await sql<{ view: string }[]>`select view from ${table} where cart_id = any(${[...asked]}::uuid[])`;
      return new Map(rows.map(({ view }) => entryOf(parseView(view))));
    },

    async list(subject, { status, by = "openedAt", after, limit, atLeast }) {
      const time = sql(by === "openedAt" ? "opened_at" : "placed_at");
      const shard = atLeast ? shardOf(cartStreamId(atLeast.cartId), shards) : -1;
      const rows = await sql<{ filled: number; reached: string; view: string | null }[]>`
        select m.filled, m.reached, v.view
        from (
          select (count(*) filter (where pos >= ready_at))::integer as filled, coalesce(max(pos) filter (where shard = ${shard}), 0) as reached
          from ${marks}
        ) m
        left join lateral (
          select view, ${time} as at, cart_id from ${table}
          where subject = ${subject}
            ${status === undefined ? sql`` : sql`and status = ${status}`}
            ${by === "placedAt" ? sql`and placed_at is not null` : sql``}
            ${after ? sql`and (${time}, cart_id) < (${after.at}, ${after.cartId})` : sql``}
          order by ${time} desc, cart_id desc limit ${limit + 1}
        ) v on true
        order by v.at desc, v.cart_id desc`;
      const [first] = rows;
      if (first?.filled !== shards) return "filling";
      if (atLeast && BigInt(first.reached) < atLeast.position) return "behind";
      const views = rows.flatMap(({ view }) => (view === null ? [] : [parseView(view)]));
      return cartListPage(views, { limit, by });
    },
  };
};

const entryOf = (view: CartView): [CartId, CartView] => [view.cartId, view];
