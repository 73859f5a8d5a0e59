import type { LogReader } from "@cartwright/event-log/event-log";
import { type Count, summed } from "../figures/count.ts";
import { countedLogs, type LogName } from "../figures/counted-logs.ts";
import { collectedFigures } from "../figures/figures-writer.ts";

const page = 2_000;

export type FoldFiguresOptions = {
  readonly of: LogName;
  readonly log: Pick<LogReader, "read">;
  /** Up to which position, by shard. */
  readonly positions: readonly bigint[];
  readonly onProgress?: (events: number) => void;
};

/**
 * What a log comes to up to these positions, counted from its beginning.
 * @throws where the log is away, or an event can't be decoded.
 */
export const foldFigures = async ({ of, log, positions, onProgress = () => {} }: FoldFiguresOptions): Promise<readonly Count[]> => {
  const { types, count } = countedLogs[of];
  let counts: readonly Count[] = [];
  for (const [shard, position] of positions.entries()) {
    // A payment's stream is all in one shard.
    const { writer, collected } = collectedFigures();
    for (let after = 0n; after < position; ) {
      const events = await log.read([{ shard, after }], page);
      const last = events.at(-1);
      if (!last) throw new Error(`the log of ${of} ends before ${position} in shard ${shard}`);
      await count(
        events.filter((event) => event.position <= position && types.includes(event.type)),
        writer,
      );
      after = last.position;
      onProgress(events.length);
    }
    counts = summed([...counts, ...collected().counts]);
  }
  return counts;
};
