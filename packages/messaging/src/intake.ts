import type { RecordedEvent } from "@cartwright/event-log/event-log";

export type Intake = {
  /** The events right above the position, dense. */
  next: readonly RecordedEvent[];
  /** Already settled, or delivered twice. */
  duplicates: number;
  /** The last of the events that lie beyond a gap; they were left out of `next`. Null without a gap. */
  beyondGap: bigint | null;
};

/** The one rule by which an event is taken, dropped or waited for: its position against the mark's. */
export const intake = (position: bigint, delivered: readonly RecordedEvent[]): Intake => {
  const next: RecordedEvent[] = [];
  let duplicates = 0;
  let expected = position + 1n;
  const sorted = inOrder(delivered);
  for (const event of sorted) {
    if (event.position < expected) {
      duplicates += 1;
    } else if (event.position === expected) {
      next.push(event);
      expected += 1n;
    } else {
      return { next, duplicates, beyondGap: sorted.at(-1)?.position ?? event.position };
    }
  }
  return { next, duplicates, beyondGap: null };
};

const inOrder = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const isSorted = events.every((event, index) => index === 0 || (events[index - 1]?.position ?? 0n) <= event.position);
  return isSorted ? events : events.toSorted((left, right) => (left.position < right.position ? -1 : 1));
};
