import { expect, test } from "vitest";
import { providerConformance } from "./provider-conformance.ts";
import { stripeProvider } from "./stripe-provider.ts";

const secretKey = process.env.STRIPE_SECRET_KEY ?? "";

test(`no test moves money: ${secretKey === "" ? "without STRIPE_SECRET_KEY the suite runs on the simulator alone" : "the key is of Stripe's test mode"}`, () => {
  expect(secretKey).toMatch(/^(?:sk_test_.+)?$/);
});

if (secretKey.startsWith("sk_test_"))
  providerConformance(
    async () => ({
      provider: stripeProvider({ secretKey, timeoutMs: 30_000, returnUrl: "https://example.com/back" }),
      async [Symbol.asyncDispose]() {},
    }),
    { numRuns: 2, maxCommands: 12, patienceMs: 90_000 },
  );
