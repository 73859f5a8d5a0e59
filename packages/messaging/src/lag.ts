/** How many events of a shard a group has not settled yet: head minus mark. */
export type ShardLag = { shard: number; head: bigint; mark: bigint; lag: bigint };
