import { billingEvents } from "@cartwright/contracts/billing-events";
import type { CartEvent } from "@cartwright/contracts/cart-events";
import { cartEvents, cartStreamId } from "@cartwright/contracts/cart-events";
import { checkoutIdOf, orderIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId, ProductId, SubjectId } from "@cartwright/contracts/ids";
import { Instant } from "@cartwright/contracts/instant";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { plainQuote } from "@cartwright/contracts/plain-quote";
import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { logFeed } from "@cartwright/messaging/log-feed";
import { parseConfig } from "@cartwright/service-kit/config";
import { processHealth } from "@cartwright/service-kit/health";
import { silentLogger } from "@cartwright/service-kit/logger";
import { generateSigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import { createLocalJWKSet } from "jose";
import { describe, expect, test } from "vitest";
import { startBilling } from "./compose.ts";
import { billingConfig } from "./config.ts";

const ours = { issuer: "cartwright", audience: "cartwright" };
const now = Instant.parse("2026-01-31T09:30:00.000Z");
const money = { amountMinor: 2_000, currency: "EUR" } as const;

const open = async () => {
  await using opened = new AsyncDisposableStack();
  const db = opened.use(await testDatabase());
  const cartLog = inMemoryEventLog({ name: "cart" });
  const keys = createLocalJWKSet((await tokenIssuer({ keys: [await generateSigningKey()], ...ours })).jwks);
  const found = Promise.withResolvers<ReturnType<typeof logFeed>>();
  const health = processHealth({ keepMs: 0 });
  const start = () =>
    startBilling({
      config: parseConfig(billingConfig, { BILLING_PORT: "0", HOST: "127.0.0.1" }),
      postgres: db.options,
      feeds: { cart: found.promise },
      shared: false,
      verifier: tokenVerifier({ keys, ...ours }),
      logger: silentLogger,
      health,
    });
  const billing = opened.use(await start());
  const cartId = CartId.parse(crypto.randomUUID());
  const checkoutId = checkoutIdOf(cartId, 1);
  const ids = { cartId, checkoutId, paymentId: paymentIdOf(checkoutId) };
  const held = opened.move();
  return {
    health,
    ids,
    findCart: () => found.resolve(logFeed({ log: cartLog, shared: false })),
    happens: async (...events: CartEvent[]) => {
      for (const event of events)
        await cartLog.append({
          commands: [{ key: crypto.randomUUID(), fingerprint: "a test", eventCount: 1 }],
          streams: [
            {
              streamId: cartStreamId(cartId),
              expect: "any",
              events: [{ ...cartEvents.encode(event), eventId: crypto.randomUUID(), metadata: { correlationId: "the request" } }],
            },
          ],
        });
    },
    events: async () => {
      const recorded = await billing.log.readStream(`payment-${ids.paymentId}`);
      return recorded.map((event) => ({ type: billingEvents.decode(event).type, metadata: event.metadata }));
    },
    intents: () =>
      db.sql<
        { status: string; amount: number; amount_received: number }[]
      >`select status, amount::int, amount_received::int from billing.simulated_intent`,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};
type Bench = Awaited<ReturnType<typeof open>>;

const started = ({ ids: { cartId, checkoutId } }: Bench, token = "pm_card_visa"): CartEvent => ({
  type: "CheckoutStarted",
  data: {
    ...{ cartId, checkoutId, attempt: 1, owner: SubjectId.parse("user-123"), ownerKind: "user", amount: money },
    quote: plainQuote([{ productId: ProductId.parse("shoes"), quantity: 2, unitPrice: { ...money, amountMinor: 1_000 } }], money),
    ...{ quoteHash: null, stock: [], contact: null, shipTo: null, clientAddress: null, deviceId: null },
    paymentToken: PaymentToken.parse(token),
    deadline: now,
    startedAt: now,
  },
});
const approved = ({ ids }: Bench, token = "pm_card_visa"): CartEvent => ({
  type: "CheckoutApproved",
  data: { ...ids, amount: money, paymentToken: PaymentToken.parse(token), approvedAt: now },
});
const ordered = ({ ids }: Bench): CartEvent => ({
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
const failed = ({ ids }: Bench): CartEvent => ({ type: "CheckoutFailed", data: { ...ids, reason: "DeadlinePassed", failedAt: now } });

const reaches = (bench: Bench, type: string) => until(async () => (await bench.events()).at(-1)?.type === type, { what: type });
const typesOf = async (bench: Bench) => (await bench.events()).map(({ type }) => type);
const promise = (name: string, run: (bench: Bench) => Promise<void>) =>
  test(name, async () => {
    await using bench = await open();
    await run(bench);
  }, 30_000);

describe("billing", () => {
  promise("waits for the cart's log, says so, and goes through a payment once it is there", async (bench) => {
    expect(await bench.health.report()).toMatchObject({
      ready: false,
      checks: { "billing follows cart": { detail: "waits for the log of cart" } },
    });
    await bench.happens(started(bench));
    bench.findCart();
    await reaches(bench, "PaymentMethodInspected");
    expect(await bench.health.report()).toMatchObject({ ready: true });
    await bench.happens(approved(bench));
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench));
    await reaches(bench, "PaymentCaptured");
    expect(await bench.intents()).toMatchObject([{ status: "succeeded", amount: 2_000, amount_received: 2_000 }]);
    for (const { metadata } of await bench.events())
      expect(metadata).toMatchObject({ correlationId: "the request", actor: { subject: "service-billing", kind: "service" } });
  });

  promise("does nothing twice, whatever comes twice", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench), started(bench));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench), approved(bench));
    await reaches(bench, "PaymentAuthorized");
    await bench.happens(ordered(bench), ordered(bench), failed(bench));
    await reaches(bench, "PaymentCaptured");
    expect(await typesOf(bench)).toEqual([
      "PaymentMethodPresented",
      "PaymentMethodInspected",
      "PaymentRequested",
      "PaymentAuthorized",
      "PaymentCaptureRequested",
      "PaymentCaptured",
    ]);
    expect(await bench.intents()).toHaveLength(1);
  });

  promise("gives back what it holds for a checkout that has failed", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench), failed(bench));
    await reaches(bench, "PaymentVoided");
    expect(await bench.intents()).toMatchObject([{ status: "canceled", amount_received: 0 }]);
  });

  promise("tells of a card that does not pay, and of none behind the token", async (bench) => {
    bench.findCart();
    await bench.happens(started(bench, "pm_card_chargeDeclined"));
    await reaches(bench, "PaymentMethodInspected");
    await bench.happens(approved(bench));
    await reaches(bench, "PaymentDeclined");
    await using another = await open();
    another.findCart();
    await another.happens(started(another, "pm_nobody"));
    await reaches(another, "PaymentMethodRefused");
  });
});
