import type { LogReader } from "@cartwright/event-log/event-log";
import type { Progress } from "./progress.ts";

/** How many events of a shard a group has not settled yet: head minus mark. Exact, since positions have no gaps. */
export type ShardLag = { shard: number; head: bigint; mark: bigint; lag: bigint };

/** The lag of a group on all shards of a log, whichever process holds them. */
export const groupLag = async (of: { group: string; log: LogReader; progress: Pick<Progress, "marks"> }): Promise<readonly ShardLag[]> => {
  // The marks first: read after the heads they could be beyond them.
  const marks = await of.progress.marks({ group: of.group, log: of.log.name });
  const { heads } = await of.log.heads();
  return heads.map((head, shard) => {
    const mark = marks.get(shard)?.position ?? 0n;
    return { shard, head, mark, lag: head - mark };
  });
};
