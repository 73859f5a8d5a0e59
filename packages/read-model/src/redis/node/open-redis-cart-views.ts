import type { EventLog } from "@cartwright/event-log/event-log";
import { asOwner } from "@cartwright/event-log/postgres/as-owner";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { serviceConnection } from "@cartwright/event-log/postgres/service-connection";
import postgres from "postgres";
import { lookupConnection } from "../../postgres/lookup-connection.ts";
import { postgresSubjectCarts } from "../../postgres/postgres-subject-carts.ts";
import { projectionReadyMigrations } from "../../postgres/projection-ready-migrations.ts";
import { subjectCartMigrations } from "../../postgres/subject-cart-migrations.ts";
import { redisCartViewReader } from "../redis-cart-view-reader.ts";
import { type RedisCartViews, redisCartViews } from "../redis-cart-views.ts";
import type { RedisConnection } from "../redis-connection.ts";
import { redisListFilling } from "../redis-list-filling.ts";
import { openRedis } from "./open-redis.ts";

export type OpenRedisCartViewsOptions = {
  readonly redis: RedisConnection;
  /** Of Upstash. */
  readonly token?: string | undefined;
  /** Certificates of authorities that are trusted beside the system's. */
  readonly ca?: string | undefined;
  /** Where the projector's index of subjects' carts is. */
  readonly postgres: postgres.Options<Record<string, never>>;
  /** The projector's; `projector` by default. */
  readonly schema?: string;
  /** The cart's. */
  readonly log: Pick<EventLog, "readStream" | "shards" | "epoch">;
  readonly prefix?: string;
  readonly onAway?: (error: unknown) => void;
};

/** The cart views in Redis, for whoever reads them, with PostgreSQL behind them for what Redis does not have. */
export const openRedisCartViews = async (options: OpenRedisCartViewsOptions): Promise<RedisCartViews & AsyncDisposable> => {
  const { schema = "projector", log, onAway, prefix } = options;
  await using opened = new AsyncDisposableStack();
  const { redis } = opened.use(openRedis(options.redis, { token: options.token, ca: options.ca }));
  const sql = postgres({ ...lookupConnection(await migrated(options.postgres, schema)), max: 4 });
  opened.defer(() => sql.end({ timeout: 5 }));
  const subjectCarts = postgresSubjectCarts({ sql, schema, shards: log.shards });
  const place = { redis, log, ...(prefix !== undefined && { prefix }) };
  const views = redisCartViews({
    reader: redisCartViewReader(place),
    fill: redisListFilling({ ...place, subjectCarts }),
    streams: log,
    subjectCarts,
    ...(onAway && { onAway }),
  });
  const resources = opened.move();
  return { ...views, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};

/** Whoever starts first makes the tables. */
const migrated = (connection: postgres.Options<Record<string, never>>, schema: string) =>
  asOwner(connection, async (owner) => {
    await migrate(owner, { schema, ...projectionReadyMigrations });
    await migrate(owner, { schema, ...subjectCartMigrations });
    return serviceConnection(owner, { connection, schema });
  });
