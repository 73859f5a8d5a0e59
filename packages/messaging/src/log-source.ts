import type { LogReader } from "@cartwright/event-log/event-log";
import { type Tailer, tail } from "@cartwright/event-log/tailer";
import type { ShardLeases } from "./leases.ts";
import type { OpenSource, Source } from "./source.ts";

export type LogSourceOptions = {
  log: LogReader;
  /** The process's own tailer of this log, if there is one: its memory is read before the log is. */
  tailer?: Tailer;
  /** Shares the shards among the processes of the group. Without it this process has all of them. */
  leases?: ShardLeases;
  onError?: (error: unknown) => void;
};

/**
 * Reads the owner's log. Nothing is buffered here: what is read is asked for with the marks as cursors, so that it is right
 * above them, and reading ahead is what the tailer has in memory.
 */
export const logSource = ({ log, tailer, leases, onError = () => {} }: LogSourceOptions): Source => ({
  async open(listener): Promise<OpenSource> {
    const reader = tailer ?? (await tail({ log, onError }));
    const unsubscribe = reader.onEvents((events) => listener.wake(new Set(events.map(({ shard }) => shard))));
    const held = await leases?.hold({ group: listener.group, log: log.name, shards: log.shards, assign: listener.assign });
    if (!held) await listener.assign(Array.from({ length: log.shards }, (_, shard) => shard));
    return {
      async read(cursors, limit) {
        // Before the read: what comes after a restore is then taken for what was before it, and found out, never the other way round.
        const { epoch } = log;
        return { epoch, events: await reader.read(cursors, limit) };
      },
      async close() {
        unsubscribe();
        await held?.release();
        if (!tailer) await reader.stop();
      },
    };
  },
});
