import type { Projection } from "./projection.ts";

/** How far a projection is behind its log. */
export type ProjectionLag = {
  readonly projection: string;
  readonly log: string;
  /** Over all shards. */
  readonly events: number;
  /** Of the shard that is furthest behind. */
  readonly seconds: number;
  readonly shards: readonly ShardLag[];
};

export type ShardLag = {
  readonly shard: number;
  /** Positions in the log: of its last event, and of the last one that the projection shows. */
  readonly head: bigint;
  readonly mark: bigint;
  /** What lies between them. */
  readonly events: number;
  /** How long the oldest of these has been in the log; 0 without any. */
  readonly seconds: number;
};

/** Exact at the time of the call, whichever processes hold the shards. */
export const projectionLag = async ({ name, log, consumer }: Projection, now: Date): Promise<ProjectionLag> => {
  const lags = await consumer.lag();
  const cursors = lags.filter(({ lag }) => lag > 0n).map(({ shard, mark }) => ({ shard, after: mark }));
  const oldest = cursors.length > 0 ? await log.read(cursors, 1) : [];
  const recordedAt = new Map(oldest.map((event) => [event.shard, event.recordedAt]));
  const shards = lags.map(({ shard, head, mark, lag }): ShardLag => {
    const waitingMs = now.getTime() - (recordedAt.get(shard) ?? now).getTime();
    // The log's clock may be ahead of ours.
    return { shard, head, mark, events: Number(lag), seconds: Math.max(0, waitingMs) / 1_000 };
  });
  return {
    projection: name,
    log: log.name,
    events: shards.reduce((sum, { events }) => sum + events, 0),
    seconds: Math.max(0, ...shards.map(({ seconds }) => seconds)),
    shards,
  };
};
