import { join } from "node:path";
import { redisConfig } from "@cartwright/read-model/redis/redis-config";
import { redisConnection } from "@cartwright/read-model/redis/redis-connection";
import { parseConfig } from "@cartwright/service-kit/config";
import { appEnv, port } from "@cartwright/service-kit/config-fields";
import { postgresConnection } from "@cartwright/service-kit/postgres-connection";
import * as z from "zod";

const schema = z.object({
  APP_ENV: appEnv(),
  POSTGRES_CONNECTION_STRING: postgresConnection().optional(),
  CART_PORT: port(5105),
  /** Where the cart service is reached, if not on this machine. */
  CART_URL: z.url().optional(),
  AUTH_SIGNING_KEY: z.string().optional(),
  REDIS_CONNECTION_STRING: redisConnection().optional(),
  UPSTASH_REDIS_REST_TOKEN: z.string().optional(),
  REDIS_TLS_CA: redisConfig.shape.REDIS_TLS_CA,
});

export type OpsConfig = {
  cartUrl: string;
  postgres: z.infer<typeof schema>["POSTGRES_CONNECTION_STRING"];
  signingKey: string | undefined;
  /** Where the read models are, if not in PostgreSQL. */
  redis?: z.infer<typeof schema>["REDIS_CONNECTION_STRING"];
  redisToken?: string | undefined;
  redisCa?: string | undefined;
  /** Where an embedded PostgreSQL keeps its data. */
  dataDir: string;
};

/** The same variables as the services', so that what finds a running system is what started it. */
export const opsConfig = (environment: Record<string, string | undefined> = process.env): OpsConfig => {
  const config = parseConfig(schema, environment);
  return {
    cartUrl: config.CART_URL ?? `http://localhost:${config.CART_PORT}`,
    postgres: config.POSTGRES_CONNECTION_STRING,
    signingKey: config.AUTH_SIGNING_KEY,
    redis: config.REDIS_CONNECTION_STRING,
    redisToken: config.UPSTASH_REDIS_REST_TOKEN,
    redisCa: config.REDIS_TLS_CA,
    dataDir: join(import.meta.dirname, "../../.data/postgres"),
  };
};
