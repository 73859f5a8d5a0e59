import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { reasonOf } from "./consumer-context.ts";
import type { IntentRow, IntentRows } from "./intent-rows.ts";
import { type IntentKind, NotPerformed, OutsideFault, type TakenIntent } from "./intents.ts";
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

type Next = { is: "outcome"; outcome: unknown } | Later;
type Later = { is: "later"; state: "requested" | "unknown"; error: string; isFault?: boolean } & Pauses;
/** `heldBackMs`: exactly so long, and it is no failure. `leastMs`: it is one, and the pause after it is no shorter. */
type Pauses = { heldBackMs?: number | undefined; leastMs?: number | undefined };

/** Brings a taken intent to its outcome, or says when and how it goes on. Never throws. */
export const settleIntent = async (row: IntentRow, kind: IntentKind<unknown> | undefined, context: IntentContext): Promise<void> => {
  const { rows, clock, logger } = context;
  // The call ends before the lease does, so that nobody else can be asking while it is still under way.
  const ending = new AbortController();
  const { isFresh, failures: _, leasedUntil, ...intent } = row;
  const endsAt = new Date(leasedUntil.getTime() - context.leaseMs * 0.2);
  const leftMs = Math.max(0, endsAt.getTime() - clock.now().getTime());
  const cancel = clock.after(leftMs, () => ending.abort(new DOMException("the intent's lease ends", "TimeoutError")));
  const taken: TakenIntent = { ...intent, signal: ending.signal, endsAt };
  try {
    if (!kind) throw new NotPerformed(`no such kind of intent here: ${row.kind}`);
    const next = isFresh ? await perform(taken, kind) : await reconcile(taken, kind, context);
    if (next.is === "later") return await putOff(row, next, context);
    await kind.report(taken, next.outcome);
    await rows.done(row.id, clock.now());
    context.done.add({ kind: row.kind });
  } catch (error) {
    // Whatever it was, the outside may have acted: `reconcile` will tell.
    await putOff(row, laterAfter(error, kind ? "unknown" : "requested"), context).catch((cause) =>
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
    if (error instanceof NotPerformed) return laterAfter(error, "requested");
    return { ...laterAfter(error, "unknown"), isFault: error instanceof OutsideFault, leastMs: kind.shownAfterMs };
  }
};

const laterAfter = (error: unknown, state: Later["state"]): Later => ({
  ...{ is: "later", state, error: reasonOf(error) },
  heldBackMs: error instanceof NotPerformed ? error.heldBackMs : undefined,
});

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

const putOff = async (
  row: IntentRow,
  { state, error, isFault = false, heldBackMs, leastMs = 0 }: Later,
  context: IntentContext,
): Promise<void> => {
  const { rows, clock, logger, failed, maxBackoffMs, random } = context;
  const { id: intent, kind, attempt } = row;
  const isFailure = heldBackMs === undefined;
  if (isFailure) {
    failed.add({ kind });
    logger.warn({ intent, kind, attempt, state, error }, "an intent is tried again later");
  }
  // Half as much again by chance: those who were held back for one reason do not come back at once.
  const pauseMs =
    heldBackMs !== undefined
      ? heldBackMs * (1 + random() / 2)
      : Math.max(leastMs, backoffMs(row.failures + 1, { baseMs: 500, maxMs: maxBackoffMs, random }));
  await rows.putOff(row, { state, error, isFailure, isFault, nextAt: new Date(clock.now().getTime() + pauseMs) });
};
