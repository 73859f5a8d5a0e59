import type { LogReader } from "@cartwright/event-log/event-log";
import type { Tailer } from "@cartwright/event-log/tailer";
import type { ShardLeases } from "./leases.ts";
import { logSource } from "./log-source.ts";
import type { Source } from "./source.ts";

/** A service's log as those who react to it get it: to be asked, and as it comes. */
export type LogFeed = {
  readonly log: LogReader;
  /** A source for one consumer. `leases` share the shards among its processes where the source does not do that itself. */
  source(leases: ShardLeases): Source;
};

export type LogFeedOptions = {
  readonly log: LogReader;
  /** The process's own tailer of this log, if there is one. */
  readonly tailer?: Tailer | undefined;
  /** Whether other processes share the work. One that has it alone begins without waiting for leases to run out. */
  readonly shared: boolean;
  readonly onError?: ((error: unknown) => void) | undefined;
};

/** The feed that reads the owner's log. */
export const logFeed = ({ log, tailer, shared, onError }: LogFeedOptions): LogFeed => ({
  log,
  source: (leases) => logSource({ log, ...(tailer && { tailer }), ...(shared && { leases }), ...(onError && { onError }) }),
});
