import { checkoutIdOf, paymentIdOf } from "@cartwright/contracts/checkout-ids";
import { CartId } from "@cartwright/contracts/ids";
import { PaymentToken } from "@cartwright/contracts/payment-shapes";
import { fakeClock } from "@cartwright/testkit/fake-clock";
import { expect, test } from "vitest";
import { inMemoryLedger } from "../simulator/in-memory-ledger.ts";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { withCircuitBreaker } from "./circuit-breaker.ts";
import { NotAsked, ProviderAway } from "./payment-provider.ts";
import { stripeProvider } from "./stripe-provider.ts";

test("a provider that does not answer is left alone for a while, and then tried by one call", async () => {
  const clock = fakeClock();
  let isAway = true;
  let calls = 0;
  const simulator = inProcessFetch(simulatorApp(inMemoryLedger()));
  const fetch = async (url: string, init: RequestInit) => {
    calls += 1;
    if (isAway) throw new TypeError("connection refused");
    return simulator(url, init);
  };
  const stripe = stripeProvider({ secretKey: "sk_test", url: "http://simulator", fetch, timeoutMs: 1_000, returnUrl: "http://shop" });
  const provider = withCircuitBreaker(stripe, { now: clock.now, failures: 3, openMs: 10_000 });
  const ask = () => provider.inspect({ token: PaymentToken.parse("pm_card_visa"), signal: new AbortController().signal });
  for (let time = 0; time < 3; time++) await expect(ask()).rejects.toThrow(ProviderAway);
  expect(provider.admits()).toBe(0);
  clock.advance(4_000);
  await expect(ask()).rejects.toThrow(expect.objectContaining({ name: "NotAsked", heldBackMs: 6_000 }));
  expect(calls).toBe(3);
  clock.advance(6_000);
  expect(provider.admits()).toBe(1);
  await expect(ask()).rejects.toThrow(ProviderAway);
  await expect(ask()).rejects.toThrow(NotAsked);
  isAway = false;
  clock.advance(10_000);
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
  expect(provider.admits()).toBe(Number.POSITIVE_INFINITY);
  expect(await ask()).toMatchObject({ outcome: "card" });
});

test("an answer that was kept under its key does not speak for the provider of now", async () => {
  const simulator = inProcessFetch(simulatorApp(inMemoryLedger()));
  const stripe = stripeProvider({
    secretKey: "sk_test",
    url: "http://simulator",
    fetch: simulator,
    timeoutMs: 1_000,
    returnUrl: "http://shop",
  });
  const provider = withCircuitBreaker(stripe, { now: () => new Date(0), failures: 2, openMs: 10_000 });
  const paymentId = paymentIdOf(checkoutIdOf(CartId.parse(crypto.randomUUID()), 1));
  const request = {
    ...{ key: `${paymentId}:authorize:1`, paymentId, token: PaymentToken.parse("pm_sim_error_after_charge") },
    ...{ amount: { amountMinor: 2_000, currency: "EUR" } as const, signal: new AbortController().signal },
  };
  await expect(provider.authorize(request)).rejects.toMatchObject({ name: "ProviderFault", isReplayed: false });
  for (let time = 0; time < 5; time++)
    await expect(provider.authorize(request)).rejects.toMatchObject({ name: "ProviderFault", isReplayed: true });
  expect(provider.admits()).toBe(Number.POSITIVE_INFINITY);
});
