import { openPostgresEventLog } from "@cartwright/event-log/postgres/open-event-log";
import { openRedis } from "@cartwright/read-model/redis/node/open-redis";
import type { RedisClient } from "@cartwright/read-model/redis/redis-client";
import postgres from "postgres";
import type { OpsConfig } from "./config.ts";
import { runningPostgres } from "./running-postgres.ts";

/** The servers of a running system. */
export type OpenedSystem = AsyncDisposable & {
  /** As the services' owner. */
  readonly sql: postgres.Sql;
  /** Of the read models, where they are in one. */
  readonly redis: RedisClient | null;
  openLog(name: "cart" | "billing" | "fraud"): Promise<Awaited<ReturnType<typeof openPostgresEventLog>>>;
};

export type SystemConfig = Pick<OpsConfig, "postgres" | "dataDir" | "redis" | "redisToken" | "redisCa">;

export const openSystem = async ({
  postgres: configured,
  dataDir,
  redis: redisConnection,
  redisToken: token,
  redisCa: ca,
}: SystemConfig): Promise<OpenedSystem> => {
  const connection = configured ?? runningPostgres(dataDir);
  await using opened = new AsyncDisposableStack();
  const sql = postgres({ ...connection, max: 4, connect_timeout: 5, onnotice: () => {} });
  opened.defer(() => sql.end({ timeout: 1 }));
  const redis = redisConnection ? opened.use(openRedis(redisConnection, { token, ca })).redis : null;
  const resources = opened.move();
  return {
    sql,
    redis,
    openLog: async (name) => resources.use(await openPostgresEventLog({ connection, schema: name, wakeUps: "in-process" })),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
