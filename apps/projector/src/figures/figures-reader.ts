import type { LogReader } from "@cartwright/event-log/event-log";
import type { Count } from "./count.ts";

/** In UTC, both included: `2026-01-31`. */
export type Days = { readonly from: string; readonly to: string };

/** What a store has of one version of the figures. */
export type FiguresReader = {
  counts(version: number, days: Days): Promise<readonly Count[]>;
  /** All of it, and how far each shard of these logs is in it, of one moment. */
  snapshot(version: number, logs: readonly Pick<LogReader, "name" | "shards">[]): Promise<FiguresSnapshot>;
};

export type FiguresSnapshot = {
  /** By log, in the order in which they were asked for, and by shard. */
  readonly positions: readonly (readonly bigint[])[];
  readonly counts: readonly Count[];
};
