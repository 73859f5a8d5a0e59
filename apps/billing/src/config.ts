import { appEnv, durationMs, integer, intentLease, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";

const fields = z.object({
  APP_ENV: appEnv(),
  BILLING_PORT: port(5201).describe("Where payments listen."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  PAYMENT_PROVIDER: z
    .enum(["stripe", "simulator"])
    .optional()
    .describe(
      "Who moves the money. Absent: Stripe where its key is set, and where it is not the simulator, which moves none; in production that has to be asked for.",
    ),
  STRIPE_SECRET_KEY: z.string().default("").describe("Stripe's secret key, of its test mode or not."),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .default("")
    .describe("By which Stripe signs what it sends to /webhooks/stripe; the endpoint's API version has to be 2025-03-31 or newer."),
  STRIPE_API_URL: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe("Where Stripe's API is, if it is not Stripe's own."),
  CAPTURE: z.enum(["auto", "manual"]).default("auto").describe("Whether money is taken when the order is placed, or by hand."),
  CAPTURE_ATTEMPTS: integer({ standard: 5, min: 1, max: 20 }).describe("How often a capture that is refused is tried."),
  CAPTURE_RETRY_DELAY: durationMs("1m", { most: "1d" }).describe(
    "The time before a refused capture is tried again; twice as long after each, up to an hour. At most a day.",
  ),
  REFUND_ATTEMPTS: integer({ standard: 8, min: 1, max: 20 }).describe("How often money is given back that has no order, where that fails."),
  REFUND_RETRY_DELAY: durationMs("10m", { most: "1d" }).describe(
    "The time before a failed refund of that kind is tried again; twice as long after each, up to a day.",
  ),
  PAYMENT_CHECK_DELAY: durationMs("1h", { most: "1d" }).describe(
    "The time before the provider is asked about what it has left open; twice as long after each, up to a day.",
  ),
  AUTHORIZATION_MARGIN: durationMs("12h", { most: "3d" }).describe(
    "How long before its end an authorization is captured or voided; one that is held for less than twice as long, in the middle. At most three days.",
  ),
  PAYMENT_TIMEOUT: durationMs("10s").describe("How long an answer of the payment provider is waited for."),
  INTENT_LEASE: intentLease(),
  PAYMENT_RETURN_URL: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe("Where the shopper comes back to from 3-D Secure; unless given, the storefront's page `/checkout`, on localhost."),
  STOREFRONT_PORT: port(5100).describe("Where that storefront listens."),
  BILLING_PUBLIC_URL: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe("Where browsers reach this service, for the simulator's page; unless given, the port on localhost."),
  BILLING_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL beside those of the log."),
});

type Provider = { readonly PAYMENT_PROVIDER?: "stripe" | "simulator" | undefined; readonly STRIPE_SECRET_KEY: string };

/** Who moves the money, by that configuration. */
export const paymentProviderOf = ({ PAYMENT_PROVIDER, STRIPE_SECRET_KEY }: Provider): "stripe" | "simulator" =>
  PAYMENT_PROVIDER ?? (STRIPE_SECRET_KEY === "" ? "simulator" : "stripe");

type Return = { readonly PAYMENT_RETURN_URL: string; readonly STOREFRONT_PORT: number };

/** Where the shopper comes back to; a storefront that is in the same process says where it is. */
export const paymentReturnUrlOf = (
  { PAYMENT_RETURN_URL, STOREFRONT_PORT }: Return,
  storefrontUrl = `http://localhost:${STOREFRONT_PORT}`,
): string => PAYMENT_RETURN_URL || `${storefrontUrl}/checkout`;

/** What the service reads of its environment, in whatever process it runs. */
export const billingConfig = fields
  .refine((config) => config.APP_ENV !== "production" || config.PAYMENT_PROVIDER !== undefined || config.STRIPE_SECRET_KEY !== "", {
    path: ["STRIPE_SECRET_KEY"],
    error: "is required in production, unless PAYMENT_PROVIDER=simulator says that no money is to be moved",
  })
  .refine((config) => config.PAYMENT_PROVIDER !== "stripe" || config.STRIPE_SECRET_KEY !== "", {
    path: ["STRIPE_SECRET_KEY"],
    error: "goes together with PAYMENT_PROVIDER=stripe",
  })
  .refine((config) => paymentProviderOf(config) !== "stripe" || config.STRIPE_WEBHOOK_SECRET !== "", {
    path: ["STRIPE_WEBHOOK_SECRET"],
    error: "goes together with STRIPE_SECRET_KEY: nothing that Stripe tells could be believed",
  });
export type BillingConfig = z.output<typeof billingConfig>;

/** The same, of a process that is nothing but this service. */
export const billingProcessConfig = billingConfig.safeExtend({
  ...processConfig({ adminPort: 9201 }).shape,
  CART_URL: serviceUrl(5105).describe("The cart service, whose tokens are accepted and whose log is followed."),
  BILLING_SECRET: secret({ development: "development-billing" }).describe("By which the service gets its token from the cart service."),
});
