import type { JsonObject } from "@cartwright/event-log/event-log";
import { textArray } from "@cartwright/event-log/postgres/array-literal";
import type { SqlClient } from "./postgres/sql-client.ts";

/** An effect on the outside world that an event asks for. */
export type Intent = {
  /** Of the logical operation, e.g. `<paymentId>:capture:1`, never of an event. Asking again for the same changes nothing. */
  id: string;
  kind: string;
  streamId: string;
  payload: JsonObject;
  /** Correlation, causation, traceparent of the event that asked. */
  metadata: JsonObject;
};

export type TakenIntent = Intent & {
  /** 1 at the first try. */
  attempt: number;
  /** Tries before this one that ended with an `OutsideFault`. */
  faults: number;
  /** Aborts at `endsAt`. */
  signal: AbortSignal;
  /**
   * Before the lease runs out. A process that was frozen finds the time past while its timers, and so the signal, are late: what the
   * outside would do twice is not asked for then.
   */
  endsAt: Date;
};

/** One kind of effect. What goes wrong is tried again, later and later; nothing is given up. */
export type IntentKind<Outcome> = {
  /**
   * Calls the outside, with `intent.id` as the idempotency key there. Throws `NotPerformed` when nothing can have reached
   * it; after any other throw the outcome is unknown, and only `reconcile` may settle it. After a restore of the log it is
   * not called before `reconcile`, either: what is asked for may have been done in the time that was lost.
   */
  perform(intent: TakenIntent): Promise<Outcome>;
  /** Asks the outside what became of an intent whose outcome is not known here. */
  reconcile(intent: TakenIntent): Promise<Reconciled<Outcome>>;
  /** Appends the outcome as an event, under a key made of `intent.id`: it may be called twice, also with another outcome. */
  report(intent: TakenIntent, outcome: Outcome): Promise<void>;
  /**
   * How long the outside may take to show what has reached it. After a try whose outcome is unknown `reconcile` is not called sooner; what
   * a process had begun that died is reconciled when its lease has run out, however that may be. Default 0 ms.
   */
  shownAfterMs?: number | undefined;
};

export type Reconciled<Outcome> =
  | { found: "outcome"; outcome: Outcome }
  /** It never got there: to be performed. */
  | { found: "nothing" }
  /** The outside does not know yet: asked again later. */
  | { found: "pending" };

/** Nothing reached the outside: the intent may simply be performed again. */
export class NotPerformed extends Error {
  override readonly name = "NotPerformed";
  readonly retryable = true;
  /** Where nobody tried, since it is known to be of no use before that: no failure, and no reason to wait longer the next time. */
  readonly heldBackMs: number | undefined;

  constructor(message: string, { heldBackMs, ...options }: ErrorOptions & { heldBackMs?: number | undefined } = {}) {
    super(message, options);
    this.heldBackMs = heldBackMs;
  }
}

/** The outside answered, but only that it has failed: what came of it is not known. Under the same key it may answer so for ever. */
export class OutsideFault extends Error {
  override readonly name = "OutsideFault";
  readonly retryable = true;
}

/** Inside the caller's transaction: the intents are there if and only if it commits. One that is there already, or done, stays as it is. */
export const requestIntents = async (sql: SqlClient, schema: string, request: { intents: readonly Intent[]; now: Date }): Promise<void> => {
  if (request.intents.length === 0) return;
  const intents = request.intents.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  await sql.unsafe(
    `insert into ${schema}.intent (id, kind, stream_id, payload, metadata, next_at)
     select i.id, i.kind, i.stream_id, i.payload::jsonb, i.metadata::jsonb, $6
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) i(id, kind, stream_id, payload, metadata)
     on conflict do nothing`,
    [
      textArray(intents.map(({ id }) => id)),
      textArray(intents.map(({ kind }) => kind)),
      textArray(intents.map(({ streamId }) => streamId)),
      textArray(intents.map(({ payload }) => JSON.stringify(payload))),
      textArray(intents.map(({ metadata }) => JSON.stringify(metadata))),
      request.now,
    ],
    { prepare: true },
  );
};
