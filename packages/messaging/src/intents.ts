import type { JsonObject } from "@cartwright/event-log/event-log";
import type postgres from "postgres";
import type { Clock } from "./clock.ts";
import type { Logger, Metrics } from "./observability.ts";

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
  attempt: number;
  /** Aborts before the lease runs out. */
  signal: AbortSignal;
};

/** Inside the caller's transaction: the intents are there if and only if it commits. */
export type RequestIntents = (tx: postgres.Sql | postgres.TransactionSql, intents: readonly Intent[]) => Promise<void>;

export type IntentKind<Outcome> = {
  /**
   * Calls the outside, with `intent.id` as the idempotency key there. Throws `NotPerformed` when nothing can have reached
   * it; after any other throw the outcome is unknown, and only `reconcile` may settle it.
   */
  perform(intent: TakenIntent): Promise<Outcome>;
  /** Asks the outside what became of an intent whose outcome is not known here. */
  reconcile(intent: TakenIntent): Promise<Reconciled<Outcome>>;
  /** Appends the outcome as an event, under a key made of `intent.id`: it may be called twice. */
  report(intent: TakenIntent, outcome: Outcome): Promise<void>;
};

export type Reconciled<Outcome> =
  | { found: "outcome"; outcome: Outcome }
  /** It never got there: to be performed. */
  | { found: "nothing" }
  /** The outside does not know yet: asked again later. */
  | { found: "pending" };

export type IntentWorkerOptions = {
  sql: postgres.Sql;
  schema: string;
  /** Each with an outcome of its own, which only its own functions see. */
  kinds: { readonly [kind: string]: IntentKind<unknown> };
  /** How many are with the outside at once. Default 8. */
  concurrency?: number;
  /** Default 60,000 ms. */
  leaseMs?: number;
  maxPollMs?: number;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
};

export type IntentWorker = {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Nothing reached the outside: the intent may simply be performed again. */
export class NotPerformed extends Error {
  override readonly name = "NotPerformed";
  readonly retryable = true;
}
