import { cartEvents } from "@cartwright/contracts/cart-events";
import type { LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { type Consumer, type ConsumerOptions, consumer } from "@cartwright/messaging/consumer";
import type { Source } from "@cartwright/messaging/source";
import { type TableTools, tableSink } from "@cartwright/messaging/table-sink";
import { insertSubjectCarts } from "@cartwright/read-model/postgres/postgres-subject-carts";
import type postgres from "postgres";

export type SubjectCartsProjectionOptions = Pick<
  ConsumerOptions<RecordedEvent, TableTools, void>,
  "around" | "limits" | "clock" | "logger" | "metrics"
> & {
  /** The cart's. */
  log: LogReader;
  source: Source;
  sql: postgres.Sql;
  schema: string;
};

/** Keeps the index of each subject's carts in PostgreSQL, for when lists can't be read from Redis. */
export const subjectCartsProjection = ({ log, sql, schema, ...options }: SubjectCartsProjectionOptions): Consumer => {
  const opened = {
    batch: async (received: readonly { recorded: RecordedEvent }[], { tx }: TableTools) => {
      const carts = received.flatMap(({ recorded }) => {
        const event = cartEvents.decode(recorded);
        if (event.type !== "CartOpened") return [];
        const { cartId, owner, openedAt } = event.data;
        return [{ cartId, subject: owner, openedAt }];
      });
      await insertSubjectCarts(tx, schema, carts);
    },
  };
  const others = Object.fromEntries(cartEvents.stored.map(({ type }) => [type, "ignore" as const]));
  return consumer<RecordedEvent, TableTools, void>({
    ...options,
    log,
    group: "projector.subject-carts",
    sink: tableSink({ sql, schema }),
    handlers: { ...others, CartOpened: opened },
  });
};
