import { cartEvents } from "@cartwright/contracts/cart-events";
import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { BatchHandler } from "@cartwright/messaging/handlers";
import type { Source } from "@cartwright/messaging/source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import {
  insertSubjectCarts,
  type OpenedCart,
  type OrderedCart,
  placeSubjectCarts,
} from "@cartwright/read-model/postgres/postgres-subject-carts";
import { subjectCartTableOf } from "@cartwright/read-model/postgres/subject-cart-tables";
import type postgres from "postgres";
import { groupOf, type VersionedProjection } from "../projection-versions.ts";
import { readyProgress } from "../ready-progress.ts";

export type SubjectCartsProjectionOptions = Pick<
  ConsumerOptions<RecordedEvent, TableTools, void>,
  "around" | "limits" | "clock" | "logger" | "metrics"
> & {
  /** The cart's. */
  log: LogReader;
  source: Source;
  sql: postgres.Sql;
  schema: string;
  version: number;
};

export const subjectCartsVersions: VersionedProjection = { projection: "subject-carts", store: "postgres" };

/** Keeps a version of the index of each subject's carts in PostgreSQL, for when lists can't be read elsewhere. */
export const subjectCartsProjection = ({ log, sql, schema, version, ...options }: SubjectCartsProjectionOptions): Consumer => {
  const table = `${schema}.${subjectCartTableOf(version)}`;
  const index: BatchHandler<RecordedEvent, TableTools, void> = {
    batch: async (received, { tx }) => {
      const opened: OpenedCart[] = [];
      const ordered: OrderedCart[] = [];
      for (const { recorded } of received) {
        const { type, data } = cartEvents.decode(recorded);
        if (type === "CartOpened") opened.push({ cartId: data.cartId, subject: data.owner, openedAt: data.openedAt });
        if (type === "OrderPlaced") ordered.push({ cartId: data.cartId, placedAt: data.placedAt });
      }
      await insertSubjectCarts(tx, table, opened);
      await placeSubjectCarts(tx, table, ordered);
    },
  };
  const others = Object.fromEntries(cartEvents.stored.map(({ type }) => [type, "ignore" as const]));
  const sink = tableSink({ sql, schema });
  return consumer<RecordedEvent, TableTools, void>({
    ...options,
    log,
    group: groupOf({ ...subjectCartsVersions, version }),
    sink: { ...sink, progress: readyProgress(sink.progress, { sql, schema, log }) },
    // One handler for both, so that a batch of both is one call.
    handlers: { ...others, CartOpened: index, OrderPlaced: index },
  });
};
