import { redisConfig } from "@cartwright/read-model/redis/redis-config";
import { appEnv, logLevel, port } from "@cartwright/service-kit/config-fields";
import { kafkaConfig } from "@cartwright/service-kit/kafka-config";
import { postgresConnection } from "@cartwright/service-kit/postgres-connection";
import * as z from "zod";

export const projectorConfig = z.object({
  PROJECTOR_PORT: port(5204).describe("Where the projector listens."),
  ...redisConfig.shape,
});
export type ProjectorConfig = z.infer<typeof projectorConfig>;

/** Of a process of its own. */
export const projectorProcessConfig = projectorConfig.extend({
  ...kafkaConfig.shape,
  APP_ENV: appEnv(),
  POSTGRES_CONNECTION_STRING: postgresConnection().describe("The PostgreSQL that holds the cart's log and the read models."),
  CART_URL: z
    .url({ protocol: /^https?$/ })
    .prefault("http://localhost:5105")
    .describe("The cart service, whose tokens are accepted."),
  ADMIN_PORT: port(9204).describe("Where metrics and health detail are served, on loopback."),
  LOG_LEVEL: logLevel(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe("A collector that takes OTLP over HTTP. Absent: nothing is traced."),
});
