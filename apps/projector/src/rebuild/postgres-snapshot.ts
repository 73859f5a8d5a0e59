import type { CartStatus } from "@cartwright/contracts/cart-shapes";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { cartViewTableOf } from "@cartwright/read-model/postgres/cart-view-tables";
import { placedList } from "@cartwright/read-model/redis/cart-view-keys";
import type postgres from "postgres";
import { groupOf } from "../projection-versions.ts";
import type { CartSnapshot, KeptCart } from "./compare-carts.ts";

export type PostgresSnapshotOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly log: string;
  readonly version: number;
};

type Row = { cart_id: CartId; subject: string; status: CartStatus; opened_at: Date; placed_at: Date | null; view: string };

/** One version of the cart views in the tables of `schema`. */
export const postgresSnapshot = ({ sql, schema, log, version }: PostgresSnapshotOptions): CartSnapshot => {
  const table = `${schema}.${cartViewTableOf(version)}`;
  const group = groupOf({ projection: "cart-view", store: "postgres", version });
  return {
    // In one transaction that sees one moment.
    read: (shard, carts) =>
      sql.begin("isolation level repeatable read read only", async (tx) => {
        const marks = await selectMarks(tx, schema, { group, log });
        const rows = await tx.unsafe<Row[]>(
          `select cart_id, subject, status, opened_at, placed_at, view from ${table} where cart_id = any($1::uuid[])`,
          [`{${carts.map(({ cartId }) => cartId).join(",")}}`],
        );
        const owners = new Map(carts.map(({ cartId, owner }) => [cartId, owner as string]));
        return {
          position: marks.get(shard)?.position ?? 0n,
          kept: new Map(rows.map((row) => [row.cart_id, keptCart(row, owners.get(row.cart_id) === row.subject)])),
        };
      }),

    async *everyCart() {
      for await (const rows of sql.unsafe<{ cart_id: CartId; subject: string }[]>(`select cart_id, subject from ${table}`).cursor(1_000))
        yield rows.map((row) => ({ cartId: row.cart_id, listedFor: row.subject }));
    },
  };
};

const keptCart = ({ view, status, opened_at, placed_at }: Row, isOwners: boolean): KeptCart => {
  const openedAt = instantOf(opened_at);
  const lists = { all: openedAt, [status]: openedAt, ...(placed_at && { [placedList]: instantOf(placed_at) }) };
  return { view, lists: isOwners ? lists : {} };
};
