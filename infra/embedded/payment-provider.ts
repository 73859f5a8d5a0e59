import { type InMemoryLedger, inMemoryLedger } from "@cartwright/billing/simulator/in-memory-ledger";
import { simulatorApp } from "@cartwright/billing/simulator/simulator-app";
import type { SimulatedIntent } from "@cartwright/billing/simulator/simulator-ledger";
import { webhookDelivery } from "@cartwright/billing/simulator/webhook-delivery";
import { silentLogger } from "@cartwright/service-kit/logger";

export type PaymentProvider = AsyncDisposable & {
  /** By which billing takes it for Stripe. */
  readonly environment: Readonly<Record<string, string>>;
  /** How often each payment was charged, by its books. */
  charges(): ReadonlyMap<string, number>;
  /** By its books, too. */
  accounts(): ReadonlyMap<string, ProviderAccount>;
};

/** What a provider has of one payment: how many intents in which state, and how much money, in the provider's units. */
export type ProviderAccount = {
  /** Intents whose money was taken. */
  readonly taken: number;
  /** Intents whose money is held. */
  readonly held: number;
  /** Intents that wait for the shopper, or for the provider itself. */
  readonly waiting: number;
  readonly received: number;
  readonly returned: number;
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
    accounts: () => accountsOf(ledger),
    async [Symbol.asyncDispose]() {
      await delivery.stop();
      await server.stop(true);
    },
  };
};

const accountsOf = (ledger: InMemoryLedger): ReadonlyMap<string, ProviderAccount> => {
  const returned = Map.groupBy(
    ledger.everyRefund().filter(({ status }) => status === "succeeded"),
    ({ intentId }) => intentId,
  );
  const accountOf = (intents: readonly SimulatedIntent[]): ProviderAccount => {
    const having = (...statuses: readonly SimulatedIntent["status"][]) => intents.filter(({ status }) => statuses.includes(status)).length;
    return {
      ...{ taken: having("succeeded"), held: having("requires_capture"), waiting: having("requires_action") },
      received: sumOf(intents, ({ amountReceived }) => amountReceived),
      returned: sumOf(
        intents.flatMap(({ id }) => returned.get(id) ?? []),
        ({ amount }) => amount,
      ),
    };
  };
  const payments = Map.groupBy(ledger.intents(), ({ metadata }) => metadata.paymentId ?? "");
  return new Map([...payments].map(([id, intents]) => [id, accountOf(intents)]));
};

const sumOf = <Item>(items: readonly Item[], amountOf: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + amountOf(item), 0);
