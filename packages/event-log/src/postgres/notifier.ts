import postgres from "postgres";
import type { RecordedEvent } from "../event-log.ts";

type Options = {
  connection: postgres.Options<Record<string, never>>;
  channel: string;
  notifies: boolean;
  onError: (error: unknown) => void;
};

const coalesceMs = 5;

/**
 * Hints. In this process at once; to the others one NOTIFY for all appends of some milliseconds, after their commit:
 * a NOTIFY inside an append's transaction would make all commits of the server wait for one another.
 */
export const notifier = ({ connection, channel, notifies, onError }: Options) => {
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  const tell = (events: readonly RecordedEvent[]) => {
    for (const listener of listeners) listener(events);
  };
  // A lost hint costs a poll, so it may stay out of the disk's way.
  const sql = notifies ? postgres({ ...connection, max: 1, connection: { ...connection.connection, synchronous_commit: "off" } }) : null;
  let closed = false;
  const onFailure = (error: unknown) => {
    // What ends because of the close is no news.
    if (!closed) onError(error);
  };
  sql
    ?.listen(
      channel,
      () => tell([]),
      () => tell([]),
    )
    .catch(onFailure);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const notifyOthers = () => {
    timer = undefined;
    sql?.notify(channel, "").catch(onFailure);
  };
  return {
    appended(events: readonly RecordedEvent[]) {
      tell(events);
      if (sql && timer === undefined) timer = setTimeout(notifyOthers, coalesceMs);
    },
    onWake(listener: (events: readonly RecordedEvent[]) => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      // Also while it still looks for a server that does not answer, which may take longer than a process has for its stop.
      await sql?.end({ timeout: 1 });
    },
  };
};
