import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { freePort } from "@cartwright/testkit/free-port";
import { lacks } from "@cartwright/testkit/lacks";
import { spawnTracked } from "@cartwright/testkit/spawn-tracked";
import { stripeMockProgram } from "@cartwright/testkit/stripe-mock-program";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { inMemoryLedger } from "../simulator/in-memory-ledger.ts";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { type PaymentProvider, ProviderRefused } from "./payment-provider.ts";
import { stripeProvider } from "./stripe-provider.ts";

test("every call that changes something has its key, whoever answers", async () => {
  const keys: (string | null)[] = [];
  const simulator = inProcessFetch(simulatorApp(inMemoryLedger()));
  const fetchSeen = async (url: string, init: RequestInit) => {
    if (init.method === "POST") keys.push(new Headers(init.headers).get("idempotency-key"));
    return simulator(url, init);
  };
  await expect(callEverything(stripeProvider({ ...account, url: "http://simulator", fetch: fetchSeen }))).rejects.toThrow(ProviderRefused);
  expect(keys).toEqual(["authorize:1", "capture:1", "void:1"]);
});

test.skipIf(lacks("stripe-mock"))(
  "Stripe's own description of its API has a place for everything that is sent",
  async () => {
    await using mock = await startStripeMock();
    const answers: (readonly [string, number])[] = [];
    const fetchSeen = async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      answers.push([`${init.method} ${new URL(url).pathname.replace(/pi_\w+/, ":id")}`, response.status]);
      return response;
    };
    await callEverything(stripeProvider({ ...account, url: mock.url, fetch: fetchSeen }));
    expect(answers).toEqual([
      ["GET /v1/payment_methods/pm_card_visa", 200],
      ["POST /v1/payment_intents", 200],
      ["POST /v1/payment_intents/:id/capture", 200],
      ["POST /v1/payment_intents/:id/cancel", 200],
      ["POST /v1/refunds", 200],
      ["GET /v1/payment_intents/:id", 200],
      ["GET /v1/refunds", 200],
      ["GET /v1/disputes", 200],
      ["GET /v1/payment_intents/search", 200],
    ]);
  },
  300_000,
);

const account = { secretKey: "sk_test_123", timeoutMs: 10_000, returnUrl: "https://shop.example/back" };

const callEverything = async (provider: PaymentProvider) => {
  const paymentId = paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
  const [signal, providerReference, amount] = [new AbortController().signal, "pi_1", { amountMinor: 2_000, currency: "EUR" } as const];
  const keyed = (key: string) => ({ key, signal, providerReference, amount });
  await provider.inspect({ token: PaymentToken.parse("pm_card_visa"), signal });
  await provider.authorize({ ...keyed("authorize:1"), paymentId, token: PaymentToken.parse("pm_card_visa") });
  await provider.capture(keyed("capture:1"));
  await provider.void(keyed("void:1"));
  await provider.refund({ ...keyed("refund:1"), paymentId, refundId: `${paymentId}.r1` });
  await provider.find({ paymentId, providerReference, signal });
  await provider.find({ paymentId, providerReference: null, signal });
};

const startStripeMock = async () => {
  const program = await stripeMockProgram();
  const port = await freePort();
  const server = spawnTracked([program, "-http-port", String(port)], { cwd: import.meta.dirname });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/v1/payment_methods/pm_1`, { headers: { authorization: "Bearer sk_test_123" } })).ok, {
    timeoutMs: 20_000,
    what: "stripe-mock",
  });
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
};
