import { inMemoryLedger } from "@cartwright/billing/simulator/in-memory-ledger";
import { simulatorApp } from "@cartwright/billing/simulator/simulator-app";
import { webhookDelivery } from "@cartwright/billing/simulator/webhook-delivery";
import { silentLogger } from "@cartwright/service-kit/logger";

export type PaymentProvider = AsyncDisposable & {
  /** By which billing takes it for Stripe. */
  readonly environment: Readonly<Record<string, string>>;
  /** How often each payment was charged, by its books. */
  charges(): ReadonlyMap<string, number>;
};

/**
 * For tests: a provider with books of its own, which no restore of the shop's database takes back. `billing` says where it is heard, once
 * that is known.
 */
export const startPaymentProvider = (billing: () => string): PaymentProvider => {
  const ledger = inMemoryLedger();
  const secret = `whsec_${crypto.randomUUID()}`;
  const send = (request: Request) => fetch(new Request(`${billing()}/webhooks/stripe`, request));
  const world = { ledger, send, url: "http://billing/webhooks/stripe", secret, now: () => new Date(), logger: silentLogger };
  const delivery = webhookDelivery(world);
  const { fetch: answer } = simulatorApp(ledger, { deliver: delivery.deliver });
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => answer(request) });
  delivery.start();
  return {
    environment: {
      STRIPE_SECRET_KEY: "sk_test_books_of_its_own",
      STRIPE_WEBHOOK_SECRET: secret,
      STRIPE_API_URL: `http://127.0.0.1:${server.port}`,
    },
    charges() {
      const charged = ledger.intents().filter(({ status }) => status === "succeeded");
      return new Map([...Map.groupBy(charged, ({ metadata }) => metadata.paymentId ?? "")].map(([id, intents]) => [id, intents.length]));
    },
    async [Symbol.asyncDispose]() {
      await delivery.stop();
      await server.stop(true);
    },
  };
};
