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
  await expect(ask()).rejects.toThrow(NotAsked);
  expect(calls).toBe(3);
  clock.advance(10_000);
  await expect(ask()).rejects.toThrow(ProviderAway);
  await expect(ask()).rejects.toThrow(NotAsked);
  isAway = false;
  clock.advance(10_000);
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
  expect(await ask()).toMatchObject({ outcome: "card" });
});
