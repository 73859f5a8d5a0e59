import type { Command, Outcome, StreamModel } from "./command-handler.ts";
import { StreamContended } from "./errors.ts";
import type { AppendResult, AppendUnit, Claim, CommandRecord, EventLog, Receipt } from "./event-log.ts";
import { fold, stage } from "./stage.ts";
import type { Folded, streamCache } from "./stream-cache.ts";

type Parts<State, Event> = {
  log: EventLog;
  model: StreamModel<State, Event>;
  cache: ReturnType<typeof streamCache<State, Event>>;
  deadlineMs: number;
};

type Pending<State, Event> = {
  command: Command<State, Event, unknown>;
  key: string;
  giveUpAt: number;
  resolve: (outcome: Outcome<unknown>) => void;
  reject: (error: unknown) => void;
};

/** What a command would do on the fold at hand: write events, or its answer alone, or be answered without either. */
type Verdict<State, Event> =
  | { writes: true; pending: Pending<State, Event>; events: readonly Event[]; claims: readonly Claim[]; record: CommandRecord }
  | { writes: false; pending: Pending<State, Event>; outcome: Outcome<unknown> };

const maxTogether = 256;

/** One queue a stream: whoever waits in it is decided in one go and appended as one unit. */
export const streamCommands = <State, Event>(parts: Parts<State, Event>) => {
  const { cache, deadlineMs } = parts;
  const queues = new Map<string, Pending<State, Event>[]>();

  const work = async (streamId: string, queue: Pending<State, Event>[]) => {
    while (queue.length > 0) {
      const together = queue.splice(0, maxTogether);
      await answerAll(parts, streamId, together).catch((error) => {
        for (const pending of together) pending.reject(error);
      });
    }
    queues.delete(streamId);
  };

  return <Refusal>(command: Command<State, Event, Refusal>): Promise<Outcome<Refusal>> =>
    new Promise((resolve, reject) => {
      const pending: Pending<State, Event> = {
        command,
        key: command.key ?? crypto.randomUUID(),
        giveUpAt: performance.now() + deadlineMs,
        // The queue holds commands of many refusal types; each is answered with what its own `decide` said.
        resolve: resolve as Pending<State, Event>["resolve"],
        reject,
      };
      const queue = queues.get(command.streamId);
      if (queue) {
        queue.push(pending);
        return;
      }
      const started = [pending];
      queues.set(command.streamId, started);
      // A fold that is not there yet is read first; those who come meanwhile join the queue.
      const ready = cache.known(command.streamId) ? Promise.resolve() : cache.refresh(command.streamId);
      void ready.then(
        () => work(command.streamId, started),
        (error) => {
          queues.delete(command.streamId);
          for (const waiting of started) waiting.reject(error);
        },
      );
    });
};

/** Decides, appends, and decides anew what a conflict or a duplicate left open, until each has its answer. */
const answerAll = async <State, Event>(parts: Parts<State, Event>, streamId: string, together: readonly Pending<State, Event>[]) => {
  let open = together;
  let alone = false;
  while (open.length > 0) {
    const [first, ...rest] = open;
    // Together they share one fate; after a claim was refused each is tried for itself.
    if (alone && first && rest.length > 0) {
      await answerAll(parts, streamId, [first]);
      open = rest;
      continue;
    }
    const late = open.filter((pending) => performance.now() > pending.giveUpAt);
    for (const pending of late) pending.reject(new StreamContended(`${streamId} was changed by others until the deadline`));
    open = open.filter((pending) => !late.includes(pending));
    if (open.length === 0) return;

    const attempt = await tryOnce(parts, streamId, open);
    open = attempt.open;
    alone ||= attempt.alone;
  }
};

const tryOnce = async <State, Event>(
  parts: Parts<State, Event>,
  streamId: string,
  open: readonly Pending<State, Event>[],
): Promise<{ open: readonly Pending<State, Event>[]; alone: boolean }> => {
  const base = parts.cache.known(streamId) ?? { state: parts.model.initial, version: 0, position: 0n };
  const { verdicts, state } = decideInOrder(parts.model, base, open);
  const writing = verdicts.filter((verdict) => verdict.writes);
  const unwritten = verdicts.filter((verdict) => !verdict.writes);

  if (writing.length === 0)
    return { open: await answerUnwritten(parts, base, { streamId, verdicts: unwritten, confirmed: false }), alone: false };

  const result = await parts.log.append(unitOf(parts.model, { streamId, base, writing }));
  switch (result.outcome) {
    case "appended":
      settleAppended(parts, { streamId, base, state, writing, result });
      // The append proved the fold right; only a retry's first answer can still be unknown here.
      return {
        open: await answerUnwritten(parts, base, { streamId, verdicts: positioned(unwritten, result.receipts), confirmed: true }),
        alone: false,
      };
    case "conflict":
      await parts.cache.refresh(streamId);
      return { open, alone: false };
    case "duplicate":
      await parts.cache.refresh(streamId);
      return { open: settleReceipts(open, result.receipts), alone: false };
    case "claimed": {
      if (open.length > 1) return { open, alone: true };
      open[0]?.resolve({ outcome: "claimed", claim: result.claim, held: result.held });
      return { open: [], alone: false };
    }
  }
};

const decideInOrder = <State, Event>(model: StreamModel<State, Event>, base: Folded<State>, open: readonly Pending<State, Event>[]) => {
  let { state, version } = base;
  const verdicts: Verdict<State, Event>[] = [];
  for (const pending of open) {
    const { command, key } = pending;
    const unwritten = (outcome: Outcome<unknown>) => verdicts.push({ writes: false, pending, outcome });
    if (command.expectedVersion !== undefined && command.expectedVersion !== version) {
      unwritten({ outcome: "versionMismatch", expected: command.expectedVersion, actual: version });
      continue;
    }
    // The same key twice at once: the second is answered from the first one's receipt.
    if (verdicts.some((verdict) => verdict.writes && verdict.record.key === key)) {
      unwritten({ outcome: "keyReused", key });
      continue;
    }
    let decision: ReturnType<typeof command.decide>;
    try {
      decision = command.decide(state, version);
    } catch (error) {
      // A bug of one command is not its neighbours' affair.
      pending.reject(error);
      continue;
    }
    if (!decision.accepted) {
      unwritten({ outcome: "refused", refusal: decision.refusal, version });
    } else if (decision.events.length === 0 && !keepsNoChange(command)) {
      unwritten({ outcome: "accepted", version, position: base.position, answer: null, changed: false });
    } else {
      const folded = fold(model, state, decision.events);
      state = folded.state;
      version += decision.events.length;
      const answer = command.answerOf?.(decision.events, state);
      const record = {
        key,
        fingerprint: command.fingerprint,
        eventCount: decision.events.length,
        ...(answer === undefined ? {} : { answer }),
      };
      verdicts.push({ writes: true, pending, events: decision.events, claims: folded.claims, record });
    }
  }
  return { verdicts, state };
};

/** Under a key that was minted here nobody asks again. */
export const keepsNoChange = (command: { key?: string; keepsNoChange?: boolean }): boolean =>
  command.key !== undefined && command.keepsNoChange === true;

type Writing<State, Event> = Extract<Verdict<State, Event>, { writes: true }>;
type Unwritten<State, Event> = Extract<Verdict<State, Event>, { writes: false }>;

const unitOf = <State, Event>(
  model: StreamModel<State, Event>,
  { streamId, base, writing }: { streamId: string; base: Folded<State>; writing: readonly Writing<State, Event>[] },
): AppendUnit => {
  const [first, ...others] = writing.map((verdict) => verdict.record);
  if (!first) throw new TypeError("a unit needs a command");
  return {
    commands: [first, ...others],
    streams: [
      {
        streamId,
        expect: base.version,
        events: writing.flatMap(({ pending, events }) => stage(model, events, pending.command.metadata)),
      },
    ],
    claims: writing.flatMap(({ pending, claims }) => [...claims, ...(pending.command.claims ?? [])]),
  };
};

const settleAppended = <State, Event>(
  { cache }: Parts<State, Event>,
  written: {
    streamId: string;
    base: Folded<State>;
    state: State;
    writing: readonly Writing<State, Event>[];
    result: Extract<AppendResult, { outcome: "appended" }>;
  },
) => {
  const { streamId, base, state, writing, result } = written;
  const end = result.receipts.at(-1);
  cache.put(streamId, { state, version: end?.version ?? base.version, position: end?.position ?? base.position });
  for (const [index, { pending, events }] of writing.entries()) {
    const receipt = result.receipts[index];
    if (receipt) pending.resolve({ ...acceptedBy(receipt), changed: events.length > 0 });
  }
};

/** What changed nothing behind a command of the same append stands where that command's last event does. */
const positioned = <State, Event>(unwritten: readonly Unwritten<State, Event>[], receipts: readonly Receipt[]) =>
  unwritten.map((verdict): Unwritten<State, Event> => {
    const { outcome } = verdict;
    const receipt = outcome.outcome === "accepted" && receipts.find(({ version }) => version === outcome.version);
    return receipt ? { ...verdict, outcome: { ...outcome, position: receipt.position } } : verdict;
  });

/**
 * Before a "no" or a "nothing changed" is answered, the stream's end and the receipt are read again: a stale fold never
 * refuses, and a retry whose first answer was lost gets that answer. Answers those that must be decided anew.
 */
const answerUnwritten = async <State, Event>(
  { log, cache }: Parts<State, Event>,
  base: Folded<State>,
  { streamId, verdicts, confirmed }: { streamId: string; verdicts: readonly Unwritten<State, Event>[]; confirmed: boolean },
): Promise<readonly Pending<State, Event>[]> => {
  // A minted key can't have been answered before.
  const keys = verdicts
    .filter(({ pending }) => pending.command.key !== undefined)
    .map(({ pending }) => ({ key: pending.key, fingerprint: pending.command.fingerprint }));
  if (verdicts.length === 0) return [];
  if (confirmed && keys.length === 0) {
    for (const { pending, outcome } of verdicts) pending.resolve(outcome);
    return [];
  }
  const { version, receipts } = await log.confirm(streamId, keys);
  const pendings = verdicts.map(({ pending }) => pending);
  if (!confirmed && version !== base.version) {
    await cache.refresh(streamId);
    return settleReceipts(pendings, receipts);
  }
  const open = new Set(settleReceipts(pendings, receipts));
  for (const { pending, outcome } of verdicts) if (open.has(pending)) pending.resolve(outcome);
  return [];
};

/** Answers those that had been answered before and gives back the others. */
const settleReceipts = <State, Event>(open: readonly Pending<State, Event>[], receipts: readonly Receipt[]) => {
  const byKey = new Map(receipts.map((receipt) => [receipt.key, receipt]));
  return open.filter((pending) => {
    const receipt = byKey.get(pending.key);
    if (!receipt) return true;
    const sameInput = receipt.sameInput && receipt.streamId === pending.command.streamId;
    pending.resolve(sameInput ? { ...acceptedBy(receipt), changed: false } : { outcome: "keyReused", key: pending.key });
    return false;
  });
};

export const acceptedBy = ({ version, position, answer }: Receipt) => ({ outcome: "accepted" as const, version, position, answer });
