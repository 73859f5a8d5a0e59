import type { EventLog, RecordedEvent } from "./event-log.ts";

export type ExportedStreamsOptions = {
  readonly log: Pick<EventLog, "readStream">;
  /** Brings an event to its newest version. */
  readonly decode: (event: RecordedEvent) => { readonly data: unknown };
};

/** Whole streams as a person is told what is kept of them, without those that are empty. */
export const exportedStreams = async ({ log, decode }: ExportedStreamsOptions, streamIds: readonly string[]) => {
  const read = async (streamId: string) => {
    const events = await log.readStream(streamId);
    return {
      streamId,
      events: events.map((event) => ({ type: event.type, version: event.version, at: event.recordedAt, data: decode(event).data })),
    };
  };
  const streams = await Promise.all(streamIds.map(read));
  return streams.filter(({ events }) => events.length > 0);
};
