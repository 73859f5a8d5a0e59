import { appEnv, integer, logLevel, port, secret } from "@cartwright/service-kit/config-fields";
import { kafkaConfig } from "@cartwright/service-kit/kafka-config";
import { postgresConnection } from "@cartwright/service-kit/postgres-connection";
import * as z from "zod";

/** What the service reads of its environment, in whatever process it runs. */
export const billingConfig = z.object({
  BILLING_PORT: port(5201).describe("Where payments listen."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  BILLING_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL beside those of the log."),
});
export type BillingConfig = z.output<typeof billingConfig>;

/** The same, of a process that is nothing but this service. */
export const billingProcessConfig = billingConfig.extend({
  ...kafkaConfig.shape,
  APP_ENV: appEnv(),
  POSTGRES_CONNECTION_STRING: postgresConnection().describe(
    "A PostgreSQL 15 or newer: a URL or `Host=…;Database=…;Username=…;Password=…`.",
  ),
  CART_URL: z
    .url({ protocol: /^https?$/ })
    .prefault("http://localhost:5105")
    .describe("The cart service, whose tokens are accepted and whose log is followed."),
  BILLING_SECRET: secret({ development: "development-billing" }).describe("By which the service gets its token from the cart service."),
  ADMIN_PORT: port(9201).describe("Where metrics, health in detail and what steers the service are."),
  ADMIN_HOST: z.string().min(1).default("127.0.0.1").describe("The address of that. It asks nobody who they are."),
  LOG_LEVEL: logLevel(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe("Where a collector takes OTLP over HTTP. Absent: nothing is traced."),
});
