import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { reasonOf } from "./consumer-context.ts";
import type { IntentRow, IntentRows } from "./intent-rows.ts";
import { type IntentKind, NotPerformed, type TakenIntent } from "./intents.ts";
import type { Logger } from "./observability.ts";

export type IntentContext = {
  rows: IntentRows;
  clock: Clock;
  random: () => number;
  logger: Logger;
  leaseMs: number;
  maxBackoffMs: number;
  done: KindCounter;
  reconciled: KindCounter;
  failed: KindCounter;
};

type KindCounter = { add(labels: { kind: string }): void };

type Next = { is: "outcome"; outcome: unknown } | { is: "later"; state: "requested" | "unknown"; error: string };

/** Brings a taken intent to its outcome, or says when and how it goes on. Never throws. */
export const settleIntent = async (row: IntentRow, kind: IntentKind<unknown> | undefined, context: IntentContext): Promise<void> => {
  const { rows, clock, logger } = context;
  // The call ends before the lease does, so that nobody else can be asking while it is still under way.
  const ending = new AbortController();
  const cancel = clock.after(context.leaseMs * 0.8, () => ending.abort(new DOMException("the intent's lease ends", "TimeoutError")));
  const { isFresh, ...intent } = row;
  const taken: TakenIntent = { ...intent, signal: ending.signal };
  try {
    if (!kind) throw new NotPerformed(`no such kind of intent here: ${row.kind}`);
    const next = isFresh ? await perform(taken, kind) : await reconcile(taken, kind, context);
    if (next.is === "later") return await putOff(row, next, context);
    await kind.report(taken, next.outcome);
    await rows.done(row.id, clock.now());
    context.done.add({ kind: row.kind });
  } catch (error) {
    // Whatever it was, the outside may have acted: `reconcile` will tell.
    await putOff(row, { is: "later", state: kind ? "unknown" : "requested", error: reasonOf(error) }, context).catch((cause) =>
      logger.warn({ intent: row.id, error: reasonOf(cause) }, "an intent stays with its lease"),
    );
  } finally {
    cancel();
  }
};

const perform = async (intent: TakenIntent, kind: IntentKind<unknown>): Promise<Next> => {
  try {
    return { is: "outcome", outcome: await kind.perform(intent) };
  } catch (error) {
    return { is: "later", state: error instanceof NotPerformed ? "requested" : "unknown", error: reasonOf(error) };
  }
};

const reconcile = async (intent: TakenIntent, kind: IntentKind<unknown>, { reconciled }: IntentContext): Promise<Next> => {
  reconciled.add({ kind: intent.kind });
  const found = await kind.reconcile(intent);
  switch (found.found) {
    case "outcome":
      return { is: "outcome", outcome: found.outcome };
    case "nothing":
      return perform(intent, kind);
    case "pending":
      return { is: "later", state: "unknown", error: "the outside does not know yet" };
  }
};

const putOff = async (row: IntentRow, next: Extract<Next, { is: "later" }>, context: IntentContext): Promise<void> => {
  const { rows, clock, logger, failed, maxBackoffMs, random } = context;
  if (next.error !== null) {
    failed.add({ kind: row.kind });
    logger.warn(
      { intent: row.id, kind: row.kind, attempt: row.attempt, state: next.state, error: next.error },
      "an intent is tried again later",
    );
  }
  const pauseMs = next.error === null ? 0 : backoffMs(row.attempt, { baseMs: 500, maxMs: maxBackoffMs, random });
  await rows.putOff(row, { state: next.state, nextAt: new Date(clock.now().getTime() + pauseMs), error: next.error });
};
