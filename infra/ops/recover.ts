import { epochsOf, renewEpoch } from "@cartwright/event-log/postgres/epochs";
import { logReads } from "@cartwright/event-log/postgres/log-reads";
import { type DivergedMark, divergedMarks, recoverMarks } from "@cartwright/messaging/postgres/recover-marks";
import { projectorSchema as schema } from "@cartwright/projector/open-projector-tables";
import { type DivergedCartViewsOptions, divergedCartViews, recoverCartViews } from "@cartwright/projector/rebuild/diverged-cart-views";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import type { Sql } from "postgres";
import type { OpsConfig } from "./config.ts";
import { schemasWith, withDatabase } from "./database.ts";
import { OpsError } from "./ops-error.ts";

type Database = Pick<OpsConfig, "postgres" | "dataDir">;
type System = Database & Pick<OpsConfig, "redis" | "redisToken" | "redisCa">;

/**
 * Says, before the services start again, that the database was put back from a backup in its own place: of these logs, or
 * of all that are in it. @returns the logs that are in a new epoch now.
 */
export const noteRestored = (config: Database, named: readonly string[]): Promise<readonly string[]> =>
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
 * back with `apply`. What Redis has of a lost future is removed with its mark, and filled again.
 */
export const recover = (config: System, { apply }: { apply: boolean }): Promise<readonly FoundMark[]> =>
  withDatabase(config, async (sql) => {
    const [logs, groups] = await Promise.all([schemasWith(sql, "event"), schemasWith(sql, "mark")]);
    const found: FoundMark[] = [];
    for (const name of logs) {
      const [row] = await sql<{ shards: number }[]>`select shards from ${sql(name)}.log`;
      const shards = row?.shards ?? 0;
      const log = { name, shards, ...logReads(sql, { schema: name, shards }) };
      const epochs = await epochsOf(sql, name);
      for (const schema of groups) {
        const diverged = await divergedMarks({ sql, schema, log, epochs });
        const moved = apply ? await recoverMarks({ sql, schema }, diverged) : [];
        found.push(...diverged.map((mark) => ({ ...mark, moved: moved.includes(mark) })));
      }
      if (name === "cart" && config.redis)
        found.push(...(await recoverRedis(config.redis, { sql, log, token: config.redisToken, ca: config.redisCa, apply })));
    }
    return found;
  });

type RedisRecovery = {
  readonly sql: Sql;
  readonly log: DivergedCartViewsOptions["log"];
  readonly token: string | undefined;
  readonly ca: string | undefined;
  readonly apply: boolean;
};

const recoverRedis = async (
  connection: NonNullable<OpsConfig["redis"]>,
  { sql, log, token, ca, apply }: RedisRecovery,
): Promise<readonly FoundMark[]> => {
  if (!(await schemasWith(sql, "mark")).includes(schema)) return [];
  using opened = openRedis(connection, { token, ca });
  const diverged = await divergedCartViews({ ...opened, sql, schema, log });
  if (apply) await recoverCartViews(opened, diverged);
  return diverged.map((mark) => ({ ...mark, moved: apply }));
};
