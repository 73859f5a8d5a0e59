import { epochsOf, renewEpoch } from "@cartwright/event-log/postgres/epochs";
import { logReads } from "@cartwright/event-log/postgres/log-reads";
import { type DivergedMark, divergedMarks, recoverMarks } from "@cartwright/messaging/postgres/recover-marks";
import { logNames } from "@cartwright/projector/figures/counted-logs";
import { figuresGroupOf } from "@cartwright/projector/figures/figures-group";
import { projectorSchema } from "@cartwright/projector/open-projector-tables";
import { fedVersions, type ViewStore } from "@cartwright/projector/projection-versions";
import { divergedCartViews, divergedFigures, recoverCartViews } from "@cartwright/projector/rebuild/diverged-in-redis";
import type { Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { schemasWith, withDatabase } from "./database.ts";
import { openSystem, type SystemConfig } from "./open-system.ts";
import { OpsError } from "./ops-error.ts";
import { countAnew } from "./rebuild.ts";

/**
 * Says, before the services start again, that the database was put back from a backup in its own place: of these logs, or
 * of all that are in it. @returns the logs that are in a new epoch now.
 */
export const noteRestored = (config: Pick<OpsConfig, "postgres" | "dataDir">, named: readonly string[]): Promise<readonly string[]> =>
  withDatabase(config, async (sql) => {
    const logs = await schemasWith(sql, "event");
    const unknown = named.find((log) => !logs.includes(log));
    if (unknown !== undefined) throw new OpsError(`there is no log ${unknown} in this database; there are: ${logs.join(", ")}`);
    const restored = named.length > 0 ? named : logs;
    for (const log of restored) await renewEpoch(sql, log);
    return restored;
  });

/** What `recover` found of a mark. One that was not moved although it was to be had moved by itself meanwhile. */
export type FoundMark = DivergedMark & { readonly moved: boolean };

/**
 * The marks of all groups, in this database and in the Redis of its read models, that stand beyond what its logs still hold; moved
 * back with `apply`. What Redis has of a lost future is removed with its mark, and filled again; figures, where what was counted of it is
 * in every sum, are counted anew.
 */
export const recover = async (config: SystemConfig, { apply }: { apply: boolean }): Promise<readonly FoundMark[]> => {
  await using system = await openSystem(config);
  const { sql, redis } = system;
  const [logs, groups] = await Promise.all([schemasWith(sql, "event"), schemasWith(sql, "mark")]);
  const found: FoundMark[] = [];
  const toCount = new Set<ViewStore>();
  for (const name of logs) {
    const [row] = await sql<{ shards: number }[]>`select shards from ${sql(name)}.log`;
    const shards = row?.shards ?? 0;
    const log = { name, shards, ...logReads(sql, { schema: name, shards }) };
    const epochs = await epochsOf(sql, name);
    for (const schema of groups) {
      const diverged = await divergedMarks({ sql, schema, log, epochs });
      const isFigures = schema === projectorSchema ? await figuresGroups(sql, name) : () => false;
      const others = diverged.filter((mark) => !isFigures(mark));
      const moved = apply ? await recoverMarks({ sql, schema }, others) : [];
      found.push(...others.map((mark) => ({ ...mark, moved: moved.includes(mark) })));
      for (const { to, ...mark } of diverged.filter(isFigures)) {
        if (to) toCount.add("postgres");
        found.push({ ...mark, to: to && { ...to, position: 0n, eventId: null }, moved: apply && to !== null });
      }
    }
    if (!redis || !groups.includes(projectorSchema)) continue;
    const inRedis = { redis, sql, schema: projectorSchema, log };
    const views = name === "cart" ? await divergedCartViews(inRedis) : [];
    if (apply) await recoverCartViews({ redis }, views);
    const figures = isCounted(name) ? await divergedFigures(inRedis) : [];
    if (figures.length > 0) toCount.add("redis");
    found.push(...[...views, ...figures].map((mark) => ({ ...mark, moved: apply })));
  }
  if (apply) await countAnew(system, toCount);
  return found;
};

/** Which of the marks on a log are those of figures in tables. */
const figuresGroups = async (sql: Sql, log: string): Promise<(mark: DivergedMark) => boolean> => {
  const { versions } = await fedVersions(sql, projectorSchema, { projection: "figures", store: "postgres" });
  const names = new Set(versions.map((version) => figuresGroupOf({ store: "postgres", version }, log)));
  return ({ group }) => names.has(group);
};

const isCounted = (log: string): boolean => logNames.some((name) => name === log);
