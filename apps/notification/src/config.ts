import { integer, intentLease, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";

/** What the service reads of its environment, in whatever process it runs. */
export const notificationConfig = z.object({
  NOTIFICATION_PORT: port(5203).describe("Where notifications listen."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  INTENT_LEASE: intentLease(),
  NOTIFICATION_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL beside those of the log."),
});
export type NotificationConfig = z.output<typeof notificationConfig>;

/** The same, of a process that is nothing but this service. */
export const notificationProcessConfig = notificationConfig.extend({
  ...processConfig({ adminPort: 9203 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted, whose log is followed, and which opens addresses."),
  NOTIFICATION_SECRET: secret({ development: "development-notification" }).describe(
    "By which the service gets its token from the cart service.",
  ),
});
