import { Currency } from "@cartwright/contracts/currency";
import { Rounding, type RoundingRules } from "@cartwright/contracts/pricing-shapes";
import { redisConfig } from "@cartwright/read-model/redis/redis-config";
import { appEnv, durationMs, integer, list, port, secret } from "@cartwright/service-kit/config-fields";
import { processConfig, serviceUrl } from "@cartwright/service-kit/process-config";
import * as z from "zod";
import type { PeerName } from "./gateway/peer-route.ts";

const fields = z.object({
  APP_ENV: appEnv(),
  CART_PORT: port(5105).describe("Where the cart service, which is the gateway, listens."),
  HOST: z.string().min(1).default("0.0.0.0").describe("The address that the service listens on."),
  DEFAULT_CURRENCY: Currency.default("VND").describe(
    "The currency, by its ISO 4217 code, of a price that names none, and of a cart that it opens.",
  ),
  CART_IDLE_GUEST: durationMs("30d").describe("A guest's cart expires when nothing has happened to it for so long."),
  CART_IDLE_USER: durationMs("90d").describe("A user's cart expires when nothing has happened to it for so long."),
  CHECKOUT_DEADLINE: durationMs("15m").describe("A checkout that has not ended after so long has failed, and what it holds is given back."),
  ROUNDING: Rounding.default("half-up").describe("What becomes of half of a smallest unit: `half-up`, or `half-even`."),
  ROUNDING_DISCOUNTS: Rounding.optional().describe("The same of percentage coupons, where they are rounded in another way than the rest."),
  ROUNDING_TAX: Rounding.optional().describe("The same of taxes, where they are."),
  PRIVACY_MASTER_KEY: secret({ development: "development-privacy" }).describe(
    "What the keys of persons are kept by: 32 random bytes or more, as text. Without it nobody's contact can be read any more.",
  ),
  PRIVACY_OLD_MASTER_KEYS: list().describe(
    "Master keys that were used before, separated by commas: what they keep is still read, and nothing new is kept by them.",
  ),
  TRUSTED_PROXIES: integer({ standard: 0, min: 0, max: 10 }).describe(
    "Proxies before the service whose word on where a request came from is taken; the storefront's server is one.",
  ),
  CORS_ORIGINS: list().describe("Origins whose pages may call the API, separated by commas; `*` is any."),
  BODY_LIMIT_BYTES: integer({ standard: 1_048_576, min: 1_024, max: 16_777_216 }).describe("The largest body of a request."),
  MAX_BATCH_SIZE: integer({ standard: 50, min: 1, max: 1_000 }).describe("The most calls in one tRPC request."),
  CART_POOL_SIZE: integer({ standard: 4, min: 2, max: 100 }).describe("Connections to PostgreSQL for requests, and as many for reactions."),
  ...redisConfig.shape,
  AUTH_SIGNING_KEY: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The private key that signs access tokens: Ed25519, as the JSON of a JWK. Absent: one is made once and kept in the database.",
    ),
  AUTH_JWKS_URL: z.url().optional().describe("The keys of an outside issuer whose tokens are taken, too."),
  AUTH_ISSUER: z.string().min(1).optional().describe("What that issuer calls itself in its tokens."),
  AUTH_AUDIENCE: z.string().min(1).optional().describe("Whom its tokens are for; `cartwright` if absent."),
  BILLING_SECRET: secret({ development: "development-billing" }).describe("By which billing gets its token."),
  FRAUD_SECRET: secret({ development: "development-fraud" }).describe("By which fraud screening gets its token."),
  NOTIFICATION_SECRET: secret({ development: "development-notification" }).describe("By which notifications get their token."),
  PROJECTOR_SECRET: secret({ development: "development-projector" }).describe("By which the projector gets its token."),
});

/** What the service reads of its environment, in whatever process it runs. */
export const cartConfig = fields.refine(({ AUTH_JWKS_URL, AUTH_ISSUER }) => (AUTH_JWKS_URL === undefined) === (AUTH_ISSUER === undefined), {
  path: ["AUTH_ISSUER"],
  error: "goes together with AUTH_JWKS_URL",
});
export type CartConfig = z.output<typeof cartConfig>;

/** The same, of a process that is nothing but the cart service. */
export const cartProcessConfig = cartConfig.safeExtend({
  ...processConfig({ adminPort: 9105 }).shape,
  BILLING_URL: serviceUrl(5201).describe("The billing service: what is asked of it goes on to there, and its log is followed."),
  FRAUD_URL: serviceUrl(5202).describe("Fraud screening, in the same way."),
  NOTIFICATION_URL: serviceUrl(5203).describe("Notifications: what is asked of them goes on to there."),
  PROJECTOR_URL: serviceUrl(5204).describe("The projector, in the same way."),
});

/** Somebody else's tokens that are taken besides. */
export const outsideIssuer = ({ AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE }: CartConfig) =>
  AUTH_JWKS_URL === undefined || AUTH_ISSUER === undefined
    ? undefined
    : { issuer: AUTH_ISSUER, jwksUrl: new URL(AUTH_JWKS_URL), ...(AUTH_AUDIENCE !== undefined && { audience: AUTH_AUDIENCE }) };

export const serviceSecretsOf = (config: CartConfig): Readonly<Record<string, string>> => ({
  billing: config.BILLING_SECRET,
  fraud: config.FRAUD_SECRET,
  notification: config.NOTIFICATION_SECRET,
  projector: config.PROJECTOR_SECRET,
});

/** Where each of the services behind this one is. */
export const peerUrlsOf = (config: z.output<typeof cartProcessConfig>) => {
  const urls: Readonly<Record<PeerName, string>> = {
    billing: config.BILLING_URL,
    fraud: config.FRAUD_URL,
    notification: config.NOTIFICATION_URL,
    projector: config.PROJECTOR_URL,
  };
  return (service: PeerName): string => urls[service];
};

/** Lines and shipping are whole prices times whole pieces: only discounts and taxes can end in a fraction of a unit. */
export const roundingRules = ({ ROUNDING, ROUNDING_DISCOUNTS, ROUNDING_TAX }: CartConfig): RoundingRules => ({
  discounts: ROUNDING_DISCOUNTS ?? ROUNDING,
  tax: ROUNDING_TAX ?? ROUNDING,
});
