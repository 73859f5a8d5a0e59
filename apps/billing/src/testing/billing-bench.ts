import { type BillingEvent, billingEvents } from "@cartwright/contracts/billing-events";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import type { EventLog, NewEvent } from "@cartwright/event-log/event-log";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import type { Clock } from "@cartwright/messaging/clock";
import { logFeed } from "@cartwright/messaging/log-feed";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { callers } from "@cartwright/service-kit/testing/callers";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type postgres from "postgres";
import superjson from "superjson";
import { test } from "vitest";
import { startBilling } from "../compose.ts";
import { billingConfig } from "../config.ts";

import type { Wire } from "../provider/open-provider.ts";
import type { BillingRouter } from "../router.ts";

export const now = Instant.parse("2026-01-31T09:30:00.000Z");
const money = { amountMinor: 2_000, currency: "EUR" } as const;

export type BenchOptions = { readonly environment?: Readonly<Record<string, string>>; readonly clock?: Clock; readonly wire?: Wire };

/** Billing on its own PostgreSQL and simulator, and the cart's log, which a test writes. */
export const openBench = async ({ environment = {}, clock, wire }: BenchOptions = {}) => {
  await using opened = new AsyncDisposableStack();
  const db = opened.use(await testDatabase());
  const cartLog = inMemoryEventLog({ name: "cart" });
  const { verifier, token } = await callers();
  const found = Promise.withResolvers<ReturnType<typeof logFeed>>();
  const health = processHealth({ keepMs: 0 });
  const start = () =>
    startBilling({
      config: parseConfig(billingConfig, { BILLING_PORT: "0", HOST: "127.0.0.1", ...environment }),
      postgres: db.options,
      feeds: { cart: found.promise },
      shared: false,
      verifier,
      logger: silentLogger,
      health,
      ...(clock && { clock }),
      ...(wire && { wire }),
    });
  const billing = opened.use(await start());
  const checkout = () => aCheckout({ cartLog, billing });
  const first = checkout();
  const held = opened.move();
  return {
    ...first,
    checkout,
    health,
    billing,
    sql: db.sql,
    client: async (...scopes: readonly string[]) => {
      const headers = { authorization: `Bearer ${await token(scopes)}` };
      return createTRPCClient<BillingRouter>({
        links: [httpBatchLink({ url: `http://127.0.0.1:${billing.port}/trpc`, transformer: superjson, headers })],
      });
    },
    findCart: () => found.resolve(logFeed({ log: cartLog, shared: false })),
    /** What the owner of the log never writes. */
    isBroken: () => append(cartLog, first.ids.cartId, { type: "CheckoutStarted", schemaVersion: 1, data: { cartId: "no cart" } }),
    ...tablesOf(db.sql),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

/** Tests that each have a bench of their own, on which the cart is found. */
export const promises =
  (environment: Readonly<Record<string, string>>) =>
  (name: string, run: (bench: Bench) => Promise<void>, more: Readonly<Record<string, string>> = {}): void =>
    test(name, async () => {
      await using bench = await openBench({ environment: { ...environment, ...more } });
      bench.findCart();
      await run(bench);
    }, 60_000);

type Logs = { readonly cartLog: Pick<EventLog, "append">; readonly billing: { readonly log: Pick<EventLog, "readStream"> } };

/** One of a cart of its own. */
const aCheckout = ({ cartLog, billing }: Logs) => {
  const cartId = CartId.parse(crypto.randomUUID());
  const checkoutId = checkoutIdOf(cartId, 1);
  const ids = { cartId, checkoutId, paymentId: paymentIdOf(checkoutId) };
  return {
    ids,
    happens: async (...events: CartEvent[]) => {
      for (const event of events) await append(cartLog, cartId, cartEvents.encode(event));
    },
    events: async () => {
      const recorded = await billing.log.readStream(`payment-${ids.paymentId}`);
      return recorded.map((event) => ({ ...billingEvents.decode(event), metadata: event.metadata }));
    },
  };
};

const tablesOf = (sql: postgres.Sql) => ({
  /** Calls of the provider that have no outcome yet. */
  unsettled: async () => {
    const [row] = await sql<{ waiting: number }[]>`select count(*)::int as waiting from billing.intent where state <> 'done'`;
    return row?.waiting ?? 0;
  },
  /** How often the call that was tried most has been. */
  tries: async () => {
    const [row] = await sql<{ tries: number }[]>`select max(attempts)::int as tries from billing.intent`;
    return row?.tries ?? 0;
  },
  intents: () =>
    sql<
      { status: string; amount: number; amount_received: number }[]
    >`select status, amount::int, amount_received::int from billing.simulated_intent`,
});

const append = (log: Pick<EventLog, "append">, cartId: CartId, encoded: Pick<NewEvent, "type" | "schemaVersion" | "data">) =>
  log.append({
    commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: 1 }],
    streams: [
      {
        streamId: cartStreamId(cartId),
        expect: "any",
        events: [{ ...encoded, eventId: crypto.randomUUID(), metadata: { correlationId: "the-request" } }],
      },
    ],
  });

export type Bench = Awaited<ReturnType<typeof openBench>>;
export type Checkout = ReturnType<Bench["checkout"]>;

export const started = ({ ids: { cartId, checkoutId } }: Checkout, token = "pm_card_visa"): CartEvent => ({
  type: "CheckoutStarted",
  data: {
    ...{ cartId, checkoutId, attempt: 1, owner: SubjectId.parse("user-123"), ownerKind: "user", amount: money },
    quote: plainQuote([{ productId: ProductId.parse("shoes"), quantity: 2, unitPrice: { ...money, amountMinor: 1_000 } }], money),
    ...{ quoteHash: null, stock: [], couponUses: [], contact: null, shipTo: null, clientAddress: null, deviceId: null },
    paymentToken: PaymentToken.parse(token),
    deadline: now,
    startedAt: now,
  },
});
export const approved = ({ ids }: Checkout, token = "pm_card_visa"): CartEvent => ({
  type: "CheckoutApproved",
  data: { ...ids, amount: money, paymentToken: PaymentToken.parse(token), approvedAt: now },
});
export const ordered = ({ ids }: Checkout): CartEvent => ({
  type: "OrderPlaced",
  data: {
    ...ids,
    orderId: orderIdOf(ids.checkoutId),
    owner: SubjectId.parse("user-123"),
    ownerKind: "user",
    lines: [],
    totals: plainQuote([], money).totals,
    contact: null,
    shipTo: null,
    placedAt: now,
  },
});
export const failed = ({ ids }: Checkout): CartEvent => ({
  type: "CheckoutFailed",
  data: { ...ids, reason: "DeadlinePassed", failedAt: now },
});

export const cancelled = ({ ids }: Checkout): CartEvent => ({
  type: "OrderCancelled",
  data: {
    ...ids,
    ...{ orderId: orderIdOf(ids.checkoutId), owner: SubjectId.parse("user-123"), ownerKind: "user" },
    ...{ reason: "shopper", restock: true, cancelledAt: now },
  },
});
export const confirmed = ({ ids }: Checkout): CartEvent => ({ type: "CheckoutActionConfirmed", data: { ...ids, confirmedAt: now } });

export const typesOf = async (checkout: Checkout) => (await checkout.events()).map(({ type }) => type);
export const reaches = (checkout: Checkout, type: BillingEvent["type"]) =>
  until(async () => (await typesOf(checkout)).includes(type), { what: type, timeoutMs: 20_000 });
