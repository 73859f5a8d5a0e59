import { CartId, SubjectId } from "@cartwright/contracts/ids";
import type { SqlClient } from "@cartwright/messaging/postgres/sql-client";
import type { TrailOf } from "../trail.ts";

/** From the log of `schema` itself, by two indexes of its own; as it was at `until`, where that is said. */
export const postgresTrail =
  (sql: SqlClient, schema: string, { until = null }: { readonly until?: Date | null } = {}): TrailOf =>
  async (subject) => {
    const event = sql(`${schema}.event`);
    const rows = await sql<{ subject: string; cartId: string | null }[]>`
      with recursive person(subject) as (
        select ${subject}::text collate "C"
        union
        select (guest.data ->> 'owner') collate "C"
        from person p
        join ${event} mine on mine.type = 'CartOpened' and (mine.data ->> 'owner') collate "C" = p.subject
        join ${event} merged on merged.type = 'CartMergedIntoAnother'
          and (merged.data ->> 'intoCartId') collate "C" = (mine.data ->> 'cartId') collate "C"
          and (${until}::timestamptz is null or merged.recorded_at <= ${until})
        join ${event} guest on guest.stream_id = merged.stream_id and guest.version = 1 and guest.type = 'CartOpened'
      )
      select p.subject, opened.data ->> 'cartId' as "cartId"
      from person p left join ${event} opened on opened.type = 'CartOpened' and (opened.data ->> 'owner') collate "C" = p.subject
      order by opened.recorded_at desc nulls last`;
    return {
      subjects: [...new Set([subject, ...rows.map((row) => SubjectId.parse(row.subject))])],
      cartIds: rows.flatMap(({ cartId }) => (cartId === null ? [] : [CartId.parse(cartId)])),
    };
  };
