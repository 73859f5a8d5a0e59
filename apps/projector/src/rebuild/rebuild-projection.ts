import type { LogReader } from "@cartwright/event-log/event-log";
import { type Clock, systemClock } from "@cartwright/messaging/clock";
import type postgres from "postgres";
import {
  addVersion,
  dropVersion,
  fedVersions,
  refuseVersion,
  removeVersion,
  showVersion,
  type VersionedProjection,
} from "../projection-versions.ts";

/** What a rebuild does with a projection's versions, wherever they are kept. */
export type RebuildableProjection = VersionedProjection & {
  /** Whose events it shows. */
  readonly logs: readonly Pick<LogReader, "name" | "shards" | "heads">[];
  /** Makes room for a version, in the transaction in which it becomes known. */
  prepare(tx: postgres.TransactionSql, version: number): Promise<void>;
  /** How far each shard of a log is. */
  positions(version: number, log: string): Promise<ReadonlyMap<number, bigint>>;
  /**
   * All that a version has with what its logs say up to its marks, while both go on.
   * @throws where a log or the store is away, or an event can't be decoded.
   */
  compare(version: number, onProgress?: (compared: number) => void): Promise<Comparison>;
  /** Has a version read from now on, in the transaction that says so. */
  show(tx: postgres.TransactionSql, version: number): Promise<void>;
  /** Once `show` is committed. */
  shown(version: number): Promise<void>;
  /** Nobody reads or feeds the version any more. */
  remove(version: number): Promise<void>;
};

export type Comparison = { readonly compared: number; readonly differences: readonly Difference[] };
/** `of` says which cart, for example, differs. */
export type Difference = { readonly of: string; readonly reason: string };

export type RebuildOptions = {
  /** As the owner of the schema. */
  readonly sql: postgres.Sql;
  readonly schema: string;
  readonly projection: RebuildableProjection;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** How long a version may stand still before nobody is taken to feed it. Default 30,000 ms. */
  readonly startTimeoutMs?: number;
  readonly clock?: Clock;
};

export type RebuildProgress =
  /** The new version has so many of the events that the logs held when this was looked at. */
  | { readonly step: "filling"; readonly version: number; readonly events: bigint; readonly of: bigint }
  | { readonly step: "comparing"; readonly version: number; readonly compared: number };

export type Rebuilt =
  | { readonly outcome: "shown"; readonly version: number; readonly before: number; readonly comparison: Comparison }
  /** The new version is not what the logs say: it is fed on for whoever wants to look, and never shown. The next rebuild begins anew. */
  | { readonly outcome: "refused"; readonly version: number; readonly comparison: Comparison }
  | NotFed;

/** Nobody feeds the version, or it does not get ahead. */
type NotFed = { readonly outcome: "notFed"; readonly version: number };

export type Compared = { readonly outcome: "compared"; readonly version: number; readonly comparison: Comparison };

export type ShownBefore = { readonly outcome: "shown"; readonly version: number } | { readonly outcome: "none" } | NotFed;

const lookMs = 200;

type Place = Pick<RebuildOptions, "sql" | "schema" | "projection">;

/**
 * Fills a new version of a projection from the beginning of its logs, compares all of it with them, and has it shown. Queries go on
 * all the while, and the version before stays fed. One that was begun and not finished is gone on with; one that was refused is not.
 */
export const rebuildProjection = async (options: RebuildOptions): Promise<Rebuilt> => {
  const { sql, schema, projection, onProgress = () => {} } = options;
  const { shown, versions: fed, refused, dropped } = await fedVersions(sql, schema, projection);
  const newest = Math.max(shown, ...fed);
  const version = newest > shown && !refused.includes(newest) ? newest : Math.max(newest, ...dropped) + 1;
  await sql.begin(async (tx) => {
    await projection.prepare(tx, version);
    await addVersion(tx, schema, { ...projection, version });
  });
  if (!(await filled(version, options))) return { outcome: "notFed", version };
  const comparison = await projection.compare(version, (compared) => onProgress({ step: "comparing", version, compared }));
  if (comparison.differences.length > 0) {
    await refuseVersion(sql, schema, { ...projection, version });
    return { outcome: "refused", version, comparison };
  }
  // The comparison may have taken its time.
  if (!(await filled(version, options)) || !(await show(version, options))) return { outcome: "notFed", version };
  return { outcome: "shown", version, before: shown, comparison };
};

/** Shows the version before the one that is shown again, which was fed all the while, once it has all that the logs have. */
export const showVersionBefore = async (options: RebuildOptions): Promise<ShownBefore> => {
  const { shown, versions, refused } = await fedVersions(options.sql, options.schema, options.projection);
  const version = versions.filter((each) => each < shown && !refused.includes(each)).at(-1);
  if (version === undefined) return { outcome: "none" };
  if (!(await filled(version, options)) || !(await show(version, options))) return { outcome: "notFed", version };
  return { outcome: "shown", version };
};

/** What the version that is shown has once it has all that the logs have now, with what they say. Nothing is changed. */
export const compareShown = async (options: RebuildOptions): Promise<Compared | NotFed> => {
  const { sql, schema, projection, onProgress = () => {} } = options;
  const { shown: version } = await fedVersions(sql, schema, projection);
  if (!(await filled(version, options))) return { outcome: "notFed", version };
  const comparison = await projection.compare(version, (compared) => onProgress({ step: "comparing", version, compared }));
  return { outcome: "compared", version, comparison };
};

/**
 * Has a version filled from the beginning and shown while it fills, and ends the feeding of the others: after a restore nobody knows what
 * they have of events that are lost. @returns the version.
 */
export const beginAnew = async ({ sql, schema, projection }: Place): Promise<number> => {
  const version = await sql.begin(async (tx) => {
    const { versions, dropped } = await fedVersions(tx, schema, projection);
    const next = Math.max(...versions, ...dropped) + 1;
    await projection.prepare(tx, next);
    await addVersion(tx, schema, { ...projection, version: next });
    await showVersion(tx, schema, { ...projection, version: next });
    await projection.show(tx, next);
    for (const before of versions) await dropVersion(tx, schema, { ...projection, version: before });
    return next;
  });
  await projection.shown(version);
  return version;
};

type DropOptions = Place & Pick<RebuildOptions, "clock"> & { readonly settleMs?: number };

/** Ends the feeding of every version that is not shown, and removes what it has. Answers which these were. Broken off, it is gone on with. */
export const dropOtherVersions = async (options: DropOptions): Promise<readonly number[]> => {
  const { sql, schema, projection, clock = systemClock, settleMs = 3_000 } = options;
  const { shown, versions: fed } = await fedVersions(sql, schema, projection);
  for (const version of fed) if (version !== shown) await dropVersion(sql, schema, { ...projection, version });
  // Not what was to be dropped: what somebody has shown meanwhile was not.
  const { dropped } = await fedVersions(sql, schema, projection);
  // Projectors look every second which versions are fed: what is removed before they have seen it, they would begin to fill again.
  if (dropped.length > 0) await pause(clock, settleMs);
  for (const version of dropped) {
    await projection.remove(version);
    await removeVersion(sql, schema, { ...projection, version });
  }
  return dropped;
};

/** @returns false where somebody has dropped the version meanwhile. */
const show = async (version: number, { sql, schema, projection }: Place): Promise<boolean> => {
  const isShown = await sql.begin(async (tx) => {
    if (!(await showVersion(tx, schema, { ...projection, version }))) return false;
    await projection.show(tx, version);
    return true;
  });
  if (isShown) await projection.shown(version);
  return isShown;
};

const filled = async (version: number, options: RebuildOptions): Promise<boolean> => {
  const { projection, onProgress = () => {}, startTimeoutMs = 30_000, clock = systemClock } = options;
  let until = clock.now().getTime() + startTimeoutMs;
  let most = 0n;
  const headsNow = () => Promise.all(projection.logs.map(async (log) => ({ log, ...(await log.heads()) })));
  for (let logs = await headsNow(); ; logs = await headsNow()) {
    // The heads of before the pause: whoever keeps step with the logs has reached them.
    await pause(clock, lookMs);
    const found = await Promise.all(
      logs.map(async ({ log, heads }) => ({ log, heads, positions: await projection.positions(version, log.name) })),
    );
    const events = sum(found.flatMap(({ positions }) => [...positions.values()]));
    onProgress({ step: "filling", version, events, of: sum(found.flatMap(({ heads }) => heads)) });
    if (found.every(isFilled)) return true;
    if (events > most) until = clock.now().getTime() + startTimeoutMs;
    else if (clock.now().getTime() > until) return false;
    most = events;
  }
};

type FoundLog = { log: Pick<LogReader, "shards">; heads: readonly bigint[]; positions: ReadonlyMap<number, bigint> };

const isFilled = ({ log, heads, positions }: FoundLog): boolean =>
  positions.size === log.shards && heads.every((head, shard) => (positions.get(shard) ?? 0n) >= head);

const sum = (positions: readonly bigint[]): bigint => positions.reduce((total, position) => total + position, 0n);

const pause = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
