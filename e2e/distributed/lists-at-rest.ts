import type { CartwrightClient } from "@cartwright/client/create-cartwright-client";
import type { Sql } from "postgres";
import type { KnownShopper } from "./knowing-shoppers.ts";

/** All that a shopper's lists show, page by page: of each cart its version, and of each order its cart. */
export type Lists = { readonly carts: readonly (readonly [string, number])[]; readonly orders: readonly string[] };

export const listsOf = async (client: CartwrightClient): Promise<Lists> => ({
  carts: (await everyPage((cursor) => client.cart.list.query({ limit: 7, ...cursor }))).map(({ cartId, version }) => [cartId, version]),
  orders: (await everyPage((cursor) => client.order.list.query({ limit: 7, ...cursor }))).map(({ cartId }) => cartId),
});

/** The same as the log has it. */
export const expectedLists = async (sql: Sql, { versions }: Pick<KnownShopper, "versions">): Promise<Lists> => {
  const [anyCart = ""] = versions.keys();
  const carts = await sql<{ id: string; version: number }[]>`
    select substring(e.stream_id from 6) as id, max(e.version) as version
    from cart.event o join cart.event e using (stream_id)
    where o.type = 'CartOpened' and o.data->>'owner' = ${ownerOf(sql, anyCart)}
    group by e.stream_id, o.data->>'openedAt' order by o.data->>'openedAt' desc, 1 desc`;
  const orders = await sql<{ id: string }[]>`
    select data->>'cartId' as id from cart.event
    where type = 'OrderPlaced' and data->>'owner' = ${ownerOf(sql, anyCart)} order by data->>'placedAt' desc, 1 desc`;
  return { carts: carts.map(({ id, version }) => [id, version]), orders: orders.map(({ id }) => id) };
};

const ownerOf = (sql: Sql, cartId: string) =>
  sql`(select data->>'owner' from cart.event where stream_id = ${`cart-${cartId}`} and type = 'CartOpened')`;

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const everyPage = async <Item>(ask: (cursor: { cursor?: string }) => Promise<Page<Item>>): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await ask(cursor === null ? {} : { cursor });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
};
