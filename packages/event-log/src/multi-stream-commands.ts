import type { MultiStreamCommand, Outcome, StreamModel } from "./command-handler.ts";
import { StreamContended } from "./errors.ts";
import type { EventLog, Receipt, StreamAppend } from "./event-log.ts";
import { fold, stage } from "./stage.ts";
import type { Folded, streamCache } from "./stream-cache.ts";
import { acceptedBy, keepsNoChange } from "./stream-commands.ts";

type Parts<State, Event> = {
  log: EventLog;
  model: StreamModel<State, Event>;
  cache: ReturnType<typeof streamCache<State, Event>>;
  deadlineMs: number;
};

/** Decides on fresh folds of all streams and appends to all of them or none; a conflict on any decides anew. */
export const multiStreamCommands =
  <State, Event>(parts: Parts<State, Event>) =>
  async <Refusal>(command: MultiStreamCommand<State, Event, Refusal>): Promise<Outcome<Refusal>> => {
    const key = command.key ?? crypto.randomUUID();
    const giveUpAt = performance.now() + parts.deadlineMs;
    while (performance.now() < giveUpAt) {
      const folds = await Promise.all(command.streamIds.map(parts.cache.refresh));
      const answered = await tryOnce(parts, { command, key, folds });
      if (answered) return answered;
    }
    throw new StreamContended(`${command.streamIds.join(", ")} were changed by others until the deadline`);
  };

const tryOnce = async <State, Event, Refusal>(
  { log, model }: Parts<State, Event>,
  { command, key, folds }: { command: MultiStreamCommand<State, Event, Refusal>; key: string; folds: readonly Folded<State>[] },
): Promise<Outcome<Refusal> | null> => {
  const [firstId, ...otherIds] = command.streamIds;
  const version = folds[0]?.version ?? 0;
  // The folds were read one after another: they stood side by side only if none of them has moved on since the last was read.
  const answeredBefore = async (otherwise: Outcome<Refusal>): Promise<Outcome<Refusal> | null> => {
    const [first, ...others] = await Promise.all([
      log.confirm(firstId, [{ key, fingerprint: command.fingerprint }]),
      ...otherIds.map((streamId) => log.confirm(streamId, [])),
    ]);
    const [receipt] = first.receipts;
    if (receipt) return fromReceipt(receipt);
    return [first, ...others].every((confirmed, index) => confirmed.version === (folds[index]?.version ?? 0)) ? otherwise : null;
  };

  if (command.expectedVersion !== undefined && command.expectedVersion !== version)
    return answeredBefore({ outcome: "versionMismatch", expected: command.expectedVersion, actual: version });
  const decision = command.decide(
    folds.map((fold) => fold.state),
    folds.map((fold) => fold.version),
  );
  if (!decision.accepted) return answeredBefore({ outcome: "refused", refusal: decision.refusal, version });
  const changes = decision.events.some((events) => events.length > 0);
  if (!changes && !keepsNoChange(command))
    return answeredBefore({ outcome: "accepted", version, position: folds[0]?.position ?? 0n, answer: null, changed: false });

  const streamAt = (streamId: string, index: number): StreamAppend => ({
    streamId,
    expect: folds[index]?.version ?? 0,
    events: stage(model, decision.events[index] ?? [], command.metadata),
  });
  const first = streamAt(firstId, 0);
  const answer = command.answerOf?.(decision.events);
  const result = await log.append({
    commands: [{ key, fingerprint: command.fingerprint, eventCount: first.events.length, ...(answer === undefined ? {} : { answer }) }],
    streams: [first, ...otherIds.map((streamId, index) => streamAt(streamId, index + 1))],
    claims: decision.events.flatMap((events, index) => fold(model, folds[index]?.state ?? model.initial, events).claims),
  });
  switch (result.outcome) {
    case "appended":
      return result.receipts[0] ? { ...acceptedBy(result.receipts[0]), changed: changes } : null;
    case "duplicate":
      return result.receipts[0] ? fromReceipt(result.receipts[0]) : null;
    case "claimed":
      return { outcome: "claimed", claim: result.claim, held: result.held };
    case "conflict":
      return null;
  }
};

const fromReceipt = <Refusal>(receipt: Receipt): Outcome<Refusal> =>
  receipt.sameInput ? { ...acceptedBy(receipt), changed: false } : { outcome: "keyReused", key: receipt.key };
