import { logLevel, port } from "@cartwright/service-kit/config-fields";
import { postgresConnection } from "@cartwright/service-kit/postgres-connection";
import * as z from "zod";

/** What the process itself is configured by; each service of it reads a configuration of its own besides. */
export const allInOneConfig = z.object({
  POSTGRES_CONNECTION_STRING: postgresConnection()
    .optional()
    .describe(
      "A PostgreSQL 15 or newer: a URL or `Host=…;Database=…;Username=…;Password=…`. Absent: an embedded one, with its data in `.data/`.",
    ),
  CART_PORT: port(5105).describe("Where the cart service, which is the gateway, listens."),
  ADMIN_PORT: port(9105).describe("Where metrics and health in detail are, on loopback."),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe("Where a collector takes OTLP over HTTP. Absent: nothing is traced."),
  LOG_LEVEL: logLevel().prefault("warn"),
});

export type AllInOneConfig = z.infer<typeof allInOneConfig>;
