import * as z from "zod";
import { appEnv, logLevel, port } from "./config-fields.ts";
import { kafkaConfig } from "./kafka-config.ts";
import { postgresConnection } from "./postgres-connection.ts";

/** What every process that is nothing but one service reads of its environment, besides what is the service's own. */
export const processConfig = ({ adminPort }: { readonly adminPort: number }) =>
  z.object({
    APP_ENV: appEnv(),
    POSTGRES_CONNECTION_STRING: postgresConnection().describe(
      "A PostgreSQL 15 or newer: a URL or `Host=…;Database=…;Username=…;Password=…`.",
    ),
    ...kafkaConfig.shape,
    ADMIN_PORT: port(adminPort).describe("Where metrics, health in detail and what steers the service are."),
    ADMIN_HOST: z.string().min(1).default("127.0.0.1").describe("The address of that. It asks nobody who they are."),
    LOG_LEVEL: logLevel(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe("Where a collector takes OTLP over HTTP. Absent: nothing is traced."),
  });
export type ProcessConfig = z.output<ReturnType<typeof processConfig>>;

/** Where another service is. */
export const serviceUrl = (standardPort: number) => z.url({ protocol: /^https?$/ }).prefault(`http://localhost:${standardPort}`);
