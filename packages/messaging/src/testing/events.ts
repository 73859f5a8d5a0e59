import type { EventLog, JsonObject, RecordedEvent } from "@cartwright/event-log/event-log";

/** For tests: an event as a log would have it. */
export const recorded = (event: Partial<RecordedEvent> = {}): RecordedEvent => ({
  eventId: crypto.randomUUID(),
  type: "Counted",
  schemaVersion: 1,
  data: {},
  metadata: {},
  streamId: "cart-1",
  version: 1,
  shard: 0,
  position: 1n,
  recordedAt: new Date(0),
  ...event,
});

type NewEvents = { streamId: string; count?: number; type?: string; eventId?: string; data?: JsonObject };

/** For tests: appends `count` events (default: one), and answers their ids. */
export const appendEvents = async (log: Pick<EventLog, "append">, { streamId, count = 1, type = "Counted", eventId, data }: NewEvents) => {
  const events = Array.from({ length: count }, (_, n) => ({
    eventId: eventId ?? crypto.randomUUID(),
    type,
    schemaVersion: 1,
    data: data ?? { n },
    metadata: {},
  }));
  await log.append({
    commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: count }],
    streams: [{ streamId, expect: "any", events }],
  });
  return events.map((event) => event.eventId);
};
