import { redisConfig } from "@cartwright/read-model/redis/redis-config";
import { port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";

export const projectorConfig = z.object({
  PROJECTOR_PORT: port(5204).describe("Where the projector listens."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  ...redisConfig.shape,
});
export type ProjectorConfig = z.infer<typeof projectorConfig>;

/** Of a process of its own. */
export const projectorProcessConfig = projectorConfig.extend({
  ...processConfig({ adminPort: 9204 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted and whose log is shown."),
  BILLING_URL: serviceUrl(5201).describe("The billing service, whose log is counted."),
  FRAUD_URL: serviceUrl(5202).describe("Fraud screening, in the same way."),
  PROJECTOR_SECRET: secret({ development: "development-projector" }).describe("By which the service gets its token from the cart service."),
});
