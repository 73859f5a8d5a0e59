import type { CartView } from "@cartwright/contracts/cart-view";
import type { CartId } from "@cartwright/contracts/ids";
import type postgres from "postgres";
import { cartListPage } from "../cart-list-page.ts";
import type { CartViewReader } from "../cart-views.ts";
import { parseView } from "../stored-record.ts";

type Row = { view: string };

/** The version that is shown in `schema`. */
export const postgresCartViewReader = (sql: postgres.Sql, schema: string): CartViewReader => {
  const table = sql(`${schema}.shown_cart_view`);
  return {
    async getMany(cartIds) {
      const rows = await sql<Row[]>`select view from ${table} where cart_id = any(${[...cartIds]}::uuid[])`;
      return new Map(rows.map((row) => entryOf(parseView(row.view))));
    },
    async listBySubject(subject, { status, by = "openedAt", after, limit }) {
      const time = sql(by === "openedAt" ? "opened_at" : "placed_at");
      const rows = await sql<Row[]>`
        select view from ${table}
        where subject = ${subject}
          ${status === undefined ? sql`` : sql`and status = ${status}`}
          ${by === "placedAt" ? sql`and placed_at is not null` : sql``}
          ${after ? sql`and (${time}, cart_id) < (${after.at}, ${after.cartId})` : sql``}
        order by ${time} desc, cart_id desc limit ${limit + 1}`;
      return cartListPage(
        rows.map(({ view }) => parseView(view)),
        { limit, by },
      );
    },
  };
};

const entryOf = (view: CartView): [CartId, CartView] => [view.cartId, view];
