import type { ShardLeases } from "../leases.ts";

/** One process has all shards of a log, and the others wait for it to go: two relays would write every event twice. */
export const wholeLogLease = (leases: ShardLeases): ShardLeases => ({
  hold: ({ shards, assign, ...of }) =>
    leases.hold({
      ...of,
      shards: 1,
      assign: (held) => assign(held.length === 0 ? [] : Array.from({ length: shards }, (_, shard) => shard)),
    }),
});
