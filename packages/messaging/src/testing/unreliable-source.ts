import type { RecordedEvent, ShardCursor } from "@cartwright/event-log/event-log";
import type { Source } from "../source.ts";

export type Unreliability = {
  /** From 0 to below 1, each time anew. */
  random: () => number;
  /** How likely it is that an event is left out, for good. */
  dropped?: number;
  /** How likely it is that a read begins some events too early. */
  repeated?: number;
  /** How likely it is that a read comes in disorder. */
  shuffled?: number;
};

/** For tests: a source that repeats, drops and reorders, as sources may. */
export const unreliableSource = (source: Source, { random, dropped = 0, repeated = 0, shuffled = 0 }: Unreliability): Source => {
  const lost = new Set<string>();
  const isLost = ({ shard, position }: RecordedEvent) => {
    const key = `${shard}/${position}`;
    if (random() < dropped) lost.add(key);
    return lost.has(key);
  };
  const earlier = ({ shard, after }: ShardCursor): ShardCursor => {
    const back = random() < repeated ? BigInt(Math.floor(random() * 5)) : 0n;
    return { shard, after: after > back ? after - back : 0n };
  };
  return {
    async open(listener) {
      const opened = await source.open(listener);
      return {
        async read(cursors, limit) {
          const { epoch, events } = await opened.read(cursors.map(earlier), limit);
          const kept = events.filter((event) => !isLost(event));
          return { epoch, events: random() < shuffled ? shuffle(kept, random) : kept };
        },
        close: opened.close,
      };
    },
  };
};

const shuffle = <Value>(values: readonly Value[], random: () => number): readonly Value[] =>
  values
    .map((value) => ({ value, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ value }) => value);
