import { billingConfig } from "@cartwright/billing/config";
import { cartConfig } from "@cartwright/cart/config";
import { fraudConfig } from "@cartwright/fraud/config";
import { notificationConfig } from "@cartwright/notification/config";
import { projectorConfig } from "@cartwright/projector/config";
import { type Environment, type ParsedConfigs, parseConfigs } from "@cartwright/service-kit/config";
import { logLevel, port } from "@cartwright/service-kit/config-fields";
import { postgresConnection } from "@cartwright/service-kit/postgres-connection";
import { storefrontConfig } from "@cartwright/storefront/config";
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

/** Of the process, and of each service in it. */
export const allInOneConfigs = {
  process: allInOneConfig,
  cart: cartConfig,
  billing: billingConfig,
  fraud: fraudConfig,
  notification: notificationConfig,
  projector: projectorConfig,
  storefront: storefrontConfig,
};
export type AllInOneConfigs = ParsedConfigs<typeof allInOneConfigs>;

/** @throws {InvalidConfiguration} which tells every fault of all of them, before anything is started. */
export const parseAllInOne = (environment: Environment): AllInOneConfigs => parseConfigs(allInOneConfigs, environment);
