import type { Logger } from "@cartwright/service-kit/logger";
import type { Hono } from "hono";
import type postgres from "postgres";
import { type BillingConfig, paymentProviderOf, paymentReturnUrlOf } from "../config.ts";
import { answeringApp } from "../simulator/answering-app.ts";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { passTime } from "../simulator/pass-time.ts";
import { postgresLedger } from "../simulator/postgres/postgres-ledger.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { simulatorPage } from "../simulator/simulator-page.ts";
import { type WebhookDelivery, webhookDelivery } from "../simulator/webhook-delivery.ts";
import type { ReadWebhook } from "../webhooks/provider-news.ts";
import { readStripeWebhook } from "../webhooks/read-stripe-webhook.ts";
import { type GuardedProvider, withCircuitBreaker } from "./circuit-breaker.ts";
import type { PaymentProvider } from "./payment-provider.ts";
import { stripeClient, stripeProvider } from "./stripe-provider.ts";

export type OpenProviderOptions = {
  readonly config: BillingConfig;
  readonly sql: postgres.Sql;
  readonly schema: string;
  /** Where browsers reach the service, once it listens. */
  readonly publicUrl: () => string;
  /** The service itself, once it is there. */
  readonly send: (request: Request) => Response | Promise<Response>;
  readonly now: () => Date;
  readonly logger: Logger;
  /** What lies between the service and the provider, for a test that wants it to break. */
  readonly wire?: Wire | undefined;
};

export type Wire = (call: () => Promise<Response>) => Promise<Response>;

export type OpenProvider = {
  readonly provider: GuardedProvider;
  readonly readWebhook: ReadWebhook;
  /** What the simulator has beside its API; null where the provider is Stripe. */
  readonly simulator: { readonly page: Hono; readonly delivery: WebhookDelivery; idle(): Promise<void> } | null;
};

/** Stripe, or what stands for it, as the configuration says. */
export const openProvider = (options: OpenProviderOptions): OpenProvider => {
  const { config, now, logger } = options;
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: secret, STRIPE_API_URL: url } = config;
  const name = paymentProviderOf(config);
  const movesMoney = name === "stripe" && !secretKey.startsWith("sk_test_");
  const told = { provider: name, movesMoney };
  if (config.APP_ENV === "production" && !movesMoney) logger.warn(told, "payments are tried out: no money is moved");
  else logger.info(told, "payments have their provider");
  if (name === "simulator") return openSimulator(options);
  const stripe = { secretKey, timeoutMs: config.PAYMENT_TIMEOUT, ...(url !== "" && { url }) };
  return {
    provider: guarded(stripeProvider({ ...stripe, returnUrl: paymentReturnUrlOf(config) }), now),
    readWebhook: readStripeWebhook({ stripe: stripeClient(stripe), secret, now }),
    simulator: null,
  };
};

const openSimulator = ({
  config,
  sql,
  schema,
  publicUrl,
  send,
  now,
  logger,
  wire = (call) => call(),
}: OpenProviderOptions): OpenProvider => {
  const ledger = postgresLedger(sql, schema);
  // Known to this process alone: nobody else can speak for the simulator.
  const secret = `whsec_${crypto.randomUUID()}`;
  const world = { now, pageUrl: () => `${publicUrl()}/simulator/3ds` };
  const told = { ledger, send, url: "http://billing/webhooks/stripe", secret, now, logger };
  const delivery = webhookDelivery({ ...told, passTime: () => passTime(world, ledger) });
  const app = simulatorApp(ledger, { ...world, deliver: delivery.deliver, logger });
  const answering = answeringApp(app);
  const answer = inProcessFetch(answering);
  const fetch = (url: string, init: RequestInit) => wire(() => answer(url, init));
  const stripe = { secretKey: "sk_test_simulator", url: "http://simulator", fetch, timeoutMs: config.PAYMENT_TIMEOUT };
  return {
    provider: guarded(stripeProvider({ ...stripe, returnUrl: paymentReturnUrlOf(config) }), now),
    readWebhook: readStripeWebhook({ stripe: stripeClient(stripe), secret, now }),
    simulator: { page: simulatorPage(ledger, world), delivery, idle: answering.idle },
  };
};

const guarded = (provider: PaymentProvider, now: () => Date) => withCircuitBreaker(provider, { now, failures: 10, openMs: 10_000 });
