import type { LogReader } from "@cartwright/event-log/event-log";
import type { Count } from "./count.ts";

/** In UTC, both included: `2026-01-31`. */
export type Days = { readonly from: string; readonly to: string };

/** What a store has of one version of the figures. */
export type FiguresReader = {
  counts(version: number, of: { readonly days: Days; readonly logs: readonly CountedLog[] }): Promise<FoundFigures>;
  /** All of it, and how far each shard of these logs is in it, of one moment. */
  snapshot(version: number, logs: readonly CountedLog[]): Promise<FiguresSnapshot>;
};

type CountedLog = Pick<LogReader, "name" | "shards">;

export type FoundFigures = {
  readonly counts: readonly Count[];
  /** Whether all is there that these logs held when their counting began, which a store that loses what it has begins anew. */
  readonly isReady: boolean;
};

export type FiguresSnapshot = {
  /** By log, in the order in which they were asked for, and by shard. */
  readonly positions: readonly (readonly bigint[])[];
  readonly counts: readonly Count[];
};
