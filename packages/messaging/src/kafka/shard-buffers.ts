import type { RecordedEvent, ShardCursor } from "@cartwright/event-log/event-log";

/** Events that have come and are not settled yet, by shard. What is at or below a cursor is not kept. */
export type ShardBuffers = {
  /** From now on these; what is held for others is given up. */
  hold(shards: readonly number[]): void;
  /** Whether the event is of any use: of a shard that is held and flows, above its cursor, and not here yet. */
  wants(shard: number, position: bigint): boolean;
  add(entry: Entry): void;
  /** At most `limit` a shard, right above the cursors or as near as there is. Events up to the cursors are settled. */
  read(cursors: readonly ShardCursor[], limit: number): readonly RecordedEvent[];
  /** The shards' bytes together. */
  bytes(shards: readonly number[]): number;
  /** The least offset that one of these shards still has here; null when they have none. */
  leastOffset(shards: readonly number[]): bigint | null;
  /** Where the shard was last read; null before the first time. */
  cursor(shard: number): bigint | null;
  /**
   * A shard that nobody reads must not hold up those with which it shares a partition: gives up what is held for those of
   * these shards that were not read since, and takes nothing for them until they are. Does nothing when none was.
   * @returns the shards that it skips now.
   */
  skipUnread(shards: readonly number[], since: number): readonly number[];
};

export type Entry = { event: RecordedEvent; offset: bigint; bytes: number };

type Buffer = { entries: Entry[]; bytes: number; cursor: bigint | null; readAt: number; isSkipped: boolean };

export const shardBuffers = (now: () => number): ShardBuffers => {
  let buffers = new Map<number, Buffer>();
  const heldOf = (shards: readonly number[]) => shards.flatMap((shard) => buffers.get(shard) ?? []);

  return {
    hold(shards) {
      buffers = new Map(shards.map((shard) => [shard, buffers.get(shard) ?? newBuffer(now())]));
    },
    wants(shard, position) {
      const buffer = buffers.get(shard);
      return buffer !== undefined && !buffer.isSkipped && position > (buffer.cursor ?? 0n) && !has(buffer.entries, position);
    },
    add(entry) {
      const buffer = buffers.get(entry.event.shard);
      if (!buffer) return;
      buffer.entries.splice(placeFor(buffer.entries, entry.event.position), 0, entry);
      buffer.bytes += entry.bytes;
    },
    read: (cursors, limit) =>
      cursors.flatMap(({ shard, after }) => {
        const buffer = buffers.get(shard);
        if (!buffer) return [];
        Object.assign(buffer, { cursor: after, readAt: now(), isSkipped: false });
        dropUpTo(buffer, after);
        return buffer.entries.slice(0, limit).map(({ event }) => event);
      }),
    bytes: (shards) => heldOf(shards).reduce((sum, { bytes }) => sum + bytes, 0),
    leastOffset: (shards) =>
      heldOf(shards).reduce<bigint | null>((least, { entries: [first] }) => {
        if (!first) return least;
        return least === null || first.offset < least ? first.offset : least;
      }, null),
    cursor: (shard) => buffers.get(shard)?.cursor ?? null,
    skipUnread(shards, since) {
      const unread = shards.filter((shard) => (buffers.get(shard)?.readAt ?? since) < since);
      if (unread.length === heldOf(shards).length) return [];
      for (const buffer of heldOf(unread)) Object.assign(buffer, { entries: [], bytes: 0, isSkipped: true });
      return unread;
    },
  };
};

const newBuffer = (readAt: number): Buffer => ({ entries: [], bytes: 0, cursor: null, readAt, isSkipped: false });

/** They come in order, but for what was sent twice. */
const placeFor = (entries: readonly Entry[], position: bigint): number => {
  let at = entries.length;
  while (at > 0 && positionAt(entries, at - 1) > position) at--;
  return at;
};

const has = (entries: readonly Entry[], position: bigint): boolean => {
  const at = placeFor(entries, position);
  return at > 0 && positionAt(entries, at - 1) === position;
};

const positionAt = (entries: readonly Entry[], at: number): bigint => entries[at]?.event.position ?? 0n;

const dropUpTo = (buffer: Buffer, after: bigint): void => {
  let settled = 0;
  for (const { event, bytes } of buffer.entries) {
    if (event.position > after) break;
    settled += 1;
    buffer.bytes -= bytes;
  }
  if (settled > 0) buffer.entries.splice(0, settled);
};
