import { appEnv, logLevel, port } from "@cartwright/service-kit/config-fields";
import * as z from "zod";

/** What the storefront reads of its environment, in whatever process it runs. */
export const storefrontConfig = z.object({
  APP_ENV: appEnv(),
  STOREFRONT_PORT: port(5100).describe("Where the shop is."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  STOREFRONT_PAGE: z
    .string()
    .min(1)
    .optional()
    .describe("The folder that `bun run build:storefront` wrote the page to. Absent: the page is bundled when the server starts."),
});
export type StorefrontConfig = z.output<typeof storefrontConfig>;

/** The same, of a process that is nothing but the storefront. */
export const storefrontProcessConfig = storefrontConfig.extend({
  CART_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://localhost:5105")
    .describe("The cart service, to which the page's calls go on."),
  LOG_LEVEL: logLevel(),
});
