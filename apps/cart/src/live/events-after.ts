import type { EventLog, RecordedEvent } from "@cartwright/event-log/event-log";
import type { LiveFeed } from "./live-hub.ts";

export type Followed = {
  readonly streamId: string;
  /** Joined before the stream's head was read. */
  readonly feed: LiveFeed;
  readonly log: Pick<EventLog, "readStream">;
  /** The version that the subscriber has. */
  readonly after: number;
  /** The version that the stream had after the feed was joined. */
  readonly head: number;
};

/** Every event of a stream above a version, without gap or repeat: what was missed from the log, in pages; then as it happens. */
export async function* eventsAfter({ streamId, feed, log, after, head }: Followed): AsyncGenerator<RecordedEvent, void> {
  let version = after;
  async function* missed(last: number) {
    while (version < last) {
      const page = await log.readStream(streamId, { after: version, limit: PAGE });
      if (page.length === 0) throw new Error(`${streamId} is at version ${last}, and the log ends at ${version}`);
      for (const event of page) {
        version = event.version;
        yield event;
      }
    }
  }

  yield* missed(head);
  for (let events = await feed.next(); events; events = await feed.next()) {
    for (const event of events) {
      yield* missed(event.version - 1);
      if (event.version <= version) continue;
      version = event.version;
      yield event;
    }
  }
}

const PAGE = 256;
