import { integer, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
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
  ...processConfig({ adminPort: 9201 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted and whose log is followed."),
  BILLING_SECRET: secret({ development: "development-billing" }).describe("By which the service gets its token from the cart service."),
});
