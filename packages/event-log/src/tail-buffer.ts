import type { RecordedEvent } from "./event-log.ts";

/** The newest events of each shard, without gaps. */
export const tailBuffer = (heads: readonly bigint[], bufferPerShard: number) => {
  const positions = [...heads];
  const buffers: RecordedEvent[][] = positions.map(() => []);
  return {
    positions: (): readonly bigint[] => positions,
    /** Takes what comes next in each shard; `missing` when something between has not been seen. */
    take(events: readonly RecordedEvent[]): { next: readonly RecordedEvent[]; missing: boolean } {
      const next: RecordedEvent[] = [];
      let missing = false;
      for (const event of events) {
        const buffer = buffers[event.shard];
        const position = positions[event.shard] ?? 0n;
        if (!buffer || event.position <= position) continue;
        if (event.position > position + 1n) {
          missing = true;
          continue;
        }
        positions[event.shard] = event.position;
        next.push(event);
        buffer.push(event);
        // Cut in halves, so that a busy shard does not shift its whole buffer for every event.
        if (buffer.length >= 2 * bufferPerShard) buffer.splice(0, buffer.length - bufferPerShard);
      }
      return { next, missing };
    },
    /** Null when the buffer does not reach back to the cursor. */
    after(shard: number, after: bigint, limit: number): readonly RecordedEvent[] | null {
      const buffer = buffers[shard] ?? [];
      const first = buffer[0];
      if (!first || first.position > after + 1n) return null;
      const start = Number(after + 1n - first.position);
      return buffer.slice(start, start + limit);
    },
  };
};
