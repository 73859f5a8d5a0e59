import { cartEvents } from "@cartwright/contracts/cart-events";
import type { CartId } from "@cartwright/contracts/ids";
import { instantOf } from "@cartwright/contracts/instant";
import type { RecordedEvent } from "@cartwright/event-log/event-log";
import { selectMarks } from "@cartwright/messaging/postgres/mark-rows";
import { subjectCartTableOf } from "@cartwright/read-model/postgres/subject-cart-tables";
import { placedList } from "@cartwright/read-model/redis/cart-view-keys";
import type postgres from "postgres";
import { groupOf } from "../projection-versions.ts";
import { subjectCartsVersions } from "../subject-carts/subject-carts-projection.ts";
import { type CartLists, type CartSnapshot, type CompareOptions, compareCarts, type KeptCart } from "./compare-carts.ts";
import type { Comparison } from "./rebuild-projection.ts";

/** Compares each cart's row in the index with what its stream says, as `compareCarts` does. */
export const compareSubjectCarts = (options: Omit<CompareOptions, "differenceOf">): Promise<Comparison> =>
  compareCarts({ ...options, differenceOf });

export type SubjectCartsSnapshotOptions = {
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly log: string;
  readonly version: number;
};

type Row = { cart_id: CartId; subject: string; opened_at: Date; placed_at: Date | null };

/** One version of the index in the tables of `schema`: carts in lists, and no views. */
export const subjectCartsSnapshot = ({ sql, schema, log, version }: SubjectCartsSnapshotOptions): CartSnapshot => {
  const table = `${schema}.${subjectCartTableOf(version)}`;
  const group = groupOf({ ...subjectCartsVersions, version });
  return {
    // In one transaction that sees one moment.
    read: (shard, carts) =>
      sql.begin("isolation level repeatable read read only", async (tx) => {
        const marks = await selectMarks(tx, schema, { group, log });
        const rows = await tx.unsafe<Row[]>(`select * from ${table} where cart_id = any($1::uuid[])`, [
          `{${carts.map(({ cartId }) => cartId).join(",")}}`,
        ]);
        return { position: marks.get(shard)?.position ?? 0n, kept: new Map(rows.map((row) => [row.cart_id, keptCart(row)])) };
      }),

    async *everyCart() {
      for await (const rows of sql.unsafe<Row[]>(`select cart_id, subject from ${table}`).cursor(1_000))
        yield rows.map((row) => ({ cartId: row.cart_id, listedFor: row.subject }));
    },
  };
};

const keptCart = ({ opened_at, placed_at }: Row): KeptCart => ({
  view: null,
  lists: { all: instantOf(opened_at), ...(placed_at && { [placedList]: instantOf(placed_at) }) },
});

const differenceOf = (events: readonly RecordedEvent[], { lists }: KeptCart = { view: null, lists: {} }): string | null => {
  const listed = JSON.stringify(lists);
  const expected = JSON.stringify(listsOf(events));
  return listed === expected ? null : `it is listed in ${listed}, and should be in ${expected}`;
};

const listsOf = (events: readonly RecordedEvent[]): CartLists => {
  const lists: { all?: string; [placedList]?: string } = {};
  for (const recorded of events) {
    if (recorded.type !== "CartOpened" && recorded.type !== "OrderPlaced") continue;
    const { type, data } = cartEvents.decode(recorded);
    if (type === "CartOpened") lists.all = data.openedAt;
    if (type === "OrderPlaced") lists[placedList] = data.placedAt;
  }
  return lists;
};
