import type { EventLog, LogReader, RecordedEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { appendEvents } from "./events.ts";

/** For tests: everything in the log, the shards one after another. */
export const allEventsOf = async (log: LogReader): Promise<readonly RecordedEvent[]> => {
  const { heads } = await log.heads();
  return log.read(
    heads.map((_, shard) => ({ shard, after: 0n })),
    1_000_000,
  );
};

/** For tests: the log as a backup brings it back: some of its events, and another epoch. */
export const restoredLog = async (log: LogReader, keep: (event: RecordedEvent) => boolean): Promise<EventLog> => {
  const restored = inMemoryEventLog({ name: log.name, shards: log.shards });
  for (const { streamId, eventId } of (await allEventsOf(log)).filter(keep)) await appendEvents(restored, { streamId, eventId });
  return restored;
};
