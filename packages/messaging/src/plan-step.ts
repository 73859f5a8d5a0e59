import type { RecordedEvent } from "@cartwright/event-log/event-log";
import type { FindRunner } from "./runners.ts";
import type { ShardRun } from "./shard-run.ts";
import type { ShardStep, Work } from "./sink.ts";

export type Plan<Tools, Effect> = {
  step: ShardStep<Tools, Effect> | null;
  /** The event at which the step had to end, since nobody knows its type. */
  unknown: RecordedEvent | null;
};

type Rules<Tools, Effect> = { findRunner: FindRunner<Tools, Effect>; unknownEvents: "skip" | "fail" };

/** What is to be done with the next events of a shard. */
export const planStep = <Tools, Effect>(
  run: ShardRun,
  next: readonly RecordedEvent[],
  rules: Rules<Tools, Effect>,
): Plan<Tools, Effect> => {
  const work: Work<Tools, Effect>[] = [];
  let unknown: RecordedEvent | null = null;
  for (const event of next.slice(0, run.caution?.limit)) {
    const runner = rules.findRunner(event.type);
    if (runner === undefined && rules.unknownEvents === "fail") {
      unknown = event;
      break;
    }
    if (runner === undefined || runner === "ignore") {
      work.push({ kind: "skip", event });
    } else if (run.toPark) {
      // Alone: from the next step on its stream is known to be parked.
      return { step: { shard: run.shard, from: run.stored, work: [...work, { kind: "park", event, fault: run.toPark }] }, unknown };
    } else if (run.parked.has(event.streamId)) {
      work.push({ kind: "park", event, fault: null });
    } else {
      work.push({ kind: "handle", event, epoch: run.mark.epoch, runner });
    }
  }
  return { step: work.length > 0 ? { shard: run.shard, from: run.stored, work } : null, unknown };
};
