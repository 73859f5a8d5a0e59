import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import type { Reaction } from "../append-sink.ts";

/** For tests: a reaction that says which event it answers. */
export const noteOf = ({ streamId, version }: RecordedEvent, group: string): Reaction => {
  const event = { eventId: crypto.randomUUID(), type: "Noted", schemaVersion: 1, data: { streamId, version }, metadata: {} };
  return { streams: [{ streamId: `notes-${group}-${streamId}`, expect: "any", events: [event] }] };
};

/** Every note in the log; those of one stream in order. */
export const notesIn = async (own: EventLog): Promise<readonly { streamId: string; version: number }[]> => {
  const { heads } = await own.heads();
  const cursors = heads.map((_, shard) => ({ shard, after: 0n }));
  const events = await own.read(cursors, 1_000_000);
  return events.map(({ data }) => ({ streamId: String(data.streamId), version: Number(data.version) }));
};
