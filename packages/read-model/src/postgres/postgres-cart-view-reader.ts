import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import type postgres from "postgres";
import { cartListPage } from "../cart-list-page.ts";
import type { CartViewReader } from "../cart-views.ts";

type Row = { view: string };

/** The version that is shown in `schema`. */
export const postgresCartViewReader = (sql: postgres.Sql, schema: string): CartViewReader => {
  const table = sql(`${schema}.shown_cart_view`);
  return {
    async getMany(cartIds) {
      const rows = await sql<Row[]>`select view from ${table} where cart_id = any(${[...cartIds]}::uuid[])`;
      return new Map(rows.map((row) => entryOf(storedView(row.view))));
    },
    async listBySubject(subject, { status, after, limit }) {
      const rows = await sql<Row[]>`
        select view from ${table}
        where subject = ${subject}
          ${status === undefined ? sql`` : sql`and status = ${status}`}
          ${after ? sql`and (opened_at, cart_id) < (${after.openedAt}, ${after.cartId})` : sql``}
        order by opened_at desc, cart_id desc limit ${limit + 1}`;
      return cartListPage(
        rows.map(({ view }) => storedView(view)),
        limit,
      );
    },
  };
};

/** Not checked again: whatever is in the table was written from a `CartView`, if from one of before there were checkouts. */
export const storedView = (json: string): CartView => ({ checkout: null, ...JSON.parse(json) });

const entryOf = (view: CartView): [CartId, CartView] => [view.cartId, view];
