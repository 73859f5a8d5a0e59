import type { CartId } from "@cartwright/contracts/ids";
import { intArray, textList } from "@cartwright/event-log/postgres/array-literal";
import type postgres from "postgres";
import type { CartViewRecord, CartViewWriter } from "../cart-view-writer.ts";
import { parseRecord } from "../stored-record.ts";
import { cartViewTableOf } from "./cart-view-tables.ts";

/** Writes a version's table in `schema`, in a transaction that the caller has begun and will end. */
export const postgresCartViewWriter = (
  tx: postgres.TransactionSql,
  schema: string,
  table: string = cartViewTableOf(1),
): CartViewWriter => ({
  async load(cartIds) {
    if (cartIds.length === 0) return new Map();
    const rows = await tx.unsafe<{ view: string; remainder: string }[]>(
      `select view, remainder from ${schema}.${table} where cart_id = any($1::uuid[])`,
      [`{${cartIds.join(",")}}`],
      { prepare: true },
    );
    return new Map(rows.flatMap(({ view, remainder }) => entryOf(parseRecord(view, remainder))));
  },

  async apply(records) {
    if (records.length === 0) return;
    // In the order of their keys, so that two transactions never wait for each other.
    const sorted = records.toSorted((left, right) => (left.view.cartId < right.view.cartId ? -1 : 1));
    const views = sorted.map(({ view }) => view);
    await tx.unsafe(
      upsert(`${schema}.${table}`),
      [
        textList(views.map(({ cartId }) => cartId)),
        textList(views.map(({ owner }) => owner)),
        textList(views.map(({ status }) => status)),
        intArray(views.map(({ version }) => version)),
        textList(views.map(({ openedAt }) => openedAt)),
        textList(views.map(({ updatedAt }) => updatedAt)),
        textList(views.map((view) => JSON.stringify(view))),
        textList(sorted.map(({ remainder }) => JSON.stringify(remainder))),
        textList(views.map(({ order }) => order?.placedAt ?? "")),
      ],
      { prepare: true },
    );
  },
});

const entryOf = (record: CartViewRecord | null): [CartId, CartViewRecord][] => (record ? [[record.view.cartId, record]] : []);

/** Lists of text come as one text with separators (U+001F, which neither ids nor JSON hold): a split is cheaper than an array. */
const upsert = (table: string) => `
  insert into ${table} as stored (cart_id, subject, status, version, opened_at, updated_at, view, remainder, placed_at)
  select r.cart_id::uuid, r.subject, r.status, r.version, r.opened_at::timestamptz, r.updated_at::timestamptz, r.view, r.remainder,
    nullif(r.placed_at, '')::timestamptz
  from (
    select unnest(string_to_array($1, chr(31))) as cart_id, unnest(string_to_array($2, chr(31))) as subject,
      unnest(string_to_array($3, chr(31))) as status, unnest($4::integer[]) as version,
      unnest(string_to_array($5, chr(31))) as opened_at, unnest(string_to_array($6, chr(31))) as updated_at,
      unnest(string_to_array($7, chr(31))) as view, unnest(string_to_array($8, chr(31))) as remainder,
      unnest(string_to_array($9, chr(31))) as placed_at
  ) r
  on conflict (cart_id) do update set
    subject = excluded.subject, status = excluded.status, version = excluded.version, opened_at = excluded.opened_at,
    updated_at = excluded.updated_at, view = excluded.view, remainder = excluded.remainder, placed_at = excluded.placed_at
  where stored.version < excluded.version`;
