import { integer, list, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";

/** What the service reads of its environment, in whatever process it runs. */
export const fraudConfig = z.object({
  FRAUD_PORT: port(5202).describe("Where fraud screening listens."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  FRAUD_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL beside those of the log."),
  FRAUD_AMOUNT_CAPS: list(["VND=1000000000", "EUR=5000000", "USD=5000000"])
    .pipe(z.array(z.string().regex(/^[A-Z]{3}=\d{1,15}$/, "must be a currency and an amount in its minor units, such as EUR=500000")))
    .transform((caps) => new Map(caps.map((cap): [string, number] => [cap.slice(0, 3), Number(cap.slice(4))])))
    .describe("A checkout beyond the amount is blocked: `EUR=5000000,…` in minor units. A currency that is not named has no cap."),
});
export type FraudConfig = z.output<typeof fraudConfig>;

/** The same, of a process that is nothing but this service. */
export const fraudProcessConfig = fraudConfig.extend({
  ...processConfig({ adminPort: 9202 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted."),
  BILLING_URL: serviceUrl(5201).describe("The billing service, whose log is followed."),
  FRAUD_SECRET: secret({ development: "development-fraud" }).describe("By which the service gets its token from the cart service."),
});
