import type { EventLog, LogReader } from "@cartwright/event-log/event-log";
import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type postgres from "postgres";
import { addVersion, fedVersions, removeVersion, showVersion } from "../projection-versions.ts";
import { type Comparison, compareCartViews } from "./compare-cart-views.ts";
import type { VersionStore } from "./version-store.ts";

export type RebuildOptions = {
  /** As the owner of the schema. */
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly versions: VersionStore;
  /** The cart's. */
  readonly log: LogReader & Pick<EventLog, "readStream">;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** How long it may take until a projector has begun to feed the new version. Default 30,000 ms. */
  readonly startTimeoutMs?: number;
  readonly clock?: Clock;
};

export type RebuildProgress =
  /** The new version has so many of the events that the log held when this was looked at. */
  | { readonly step: "filling"; readonly version: number; readonly events: bigint; readonly of: bigint }
  | { readonly step: "comparing"; readonly version: number; readonly carts: number };

export type Rebuilt =
  | { readonly outcome: "shown"; readonly version: number; readonly before: number; readonly comparison: Comparison }
  /** The new version is not what the log says: it is fed on for whoever wants to look, and not shown. */
  | { readonly outcome: "refused"; readonly version: number; readonly comparison: Comparison }
  /** Nobody feeds it. */
  | { readonly outcome: "notFed"; readonly version: number };

const lookMs = 200;

/**
 * Fills a new version of the cart view from the log's beginning, compares all of it with the log, and has it shown. Queries go on
 * all the while, and the version before stays fed. One that was begun and not finished is gone on with.
 */
export const rebuildCartView = async (options: RebuildOptions): Promise<Rebuilt> => {
  const { sql, schema, versions, log, onProgress = () => {} } = options;
  const { store } = versions;
  const { shown, versions: fed } = await fedVersions(sql, schema, store);
  const newest = fed.at(-1) ?? shown;
  const version = newest > shown ? newest : newest + 1;
  await sql.begin(async (tx) => {
    await versions.prepare(tx, version);
    await addVersion(tx, schema, { store, version });
  });
  if (!(await filled(version, options))) return { outcome: "notFed", version };
  const comparison = await compareCartViews({
    log,
    snapshot: versions.snapshot(version),
    onProgress: (carts) => onProgress({ step: "comparing", version, carts }),
  });
  if (comparison.differences.length > 0) return { outcome: "refused", version, comparison };
  // The comparison may have taken its time.
  if (!(await filled(version, options))) return { outcome: "notFed", version };
  await show(version, options);
  return { outcome: "shown", version, before: shown, comparison };
};

/** Shows the version before the one that is shown again, which was fed all the while. Null where there is none. */
export const showVersionBefore = async (options: Pick<RebuildOptions, "sql" | "schema" | "versions">): Promise<number | null> => {
  const { shown, versions } = await fedVersions(options.sql, options.schema, options.versions.store);
  const before = versions.filter((version) => version < shown).at(-1);
  if (before === undefined) return null;
  await show(before, options);
  return before;
};

/** Ends the feeding of every version that is not shown, and removes what it has. Answers which these were. */
export const dropOtherVersions = async ({
  sql,
  schema,
  versions,
  clock = systemClock,
  settleMs = 3_000,
}: Pick<RebuildOptions, "sql" | "schema" | "versions" | "clock"> & { readonly settleMs?: number }): Promise<readonly number[]> => {
  const { store } = versions;
  const { shown, versions: fed } = await fedVersions(sql, schema, store);
  const others = fed.filter((version) => version !== shown);
  for (const version of others) await removeVersion(sql, schema, { store, version });
  // Projectors look every second which versions are fed: what is removed before they have seen it, they would begin to fill again.
  if (others.length > 0) await pause(clock, settleMs);
  for (const version of others) await versions.remove(version);
  return others;
};

const show = async (version: number, { sql, schema, versions }: Pick<RebuildOptions, "sql" | "schema" | "versions">) => {
  await sql.begin(async (tx) => {
    await showVersion(tx, schema, { store: versions.store, version });
    await versions.show(tx, version);
  });
  await versions.shown(version);
};

const filled = async (version: number, options: RebuildOptions): Promise<boolean> => {
  const { versions, log, onProgress = () => {}, startTimeoutMs = 30_000, clock = systemClock } = options;
  const until = clock.now().getTime() + startTimeoutMs;
  for (let { heads } = await log.heads(); ; { heads } = await log.heads()) {
    // The heads of before the pause: whoever keeps step with the log has reached them.
    await pause(clock, lookMs);
    const positions = await versions.positions(version);
    onProgress({ step: "filling", version, events: sum(positions.values()), of: sum(heads) });
    if (positions.size === log.shards && heads.every((head, shard) => (positions.get(shard) ?? 0n) >= head)) return true;
    if (positions.size === 0 && clock.now().getTime() > until) return false;
  }
};

const sum = (positions: Iterable<bigint>): bigint => [...positions].reduce((total, position) => total + position, 0n);

const pause = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
