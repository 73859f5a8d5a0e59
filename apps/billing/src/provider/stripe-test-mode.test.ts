import { test } from "vitest";
import { providerConformance } from "./provider-conformance.ts";
import { stripeProvider } from "./stripe-provider.ts";

const secretKey = process.env.STRIPE_SECRET_KEY ?? "";
const hasAccount = secretKey.startsWith("sk_test_");

if (hasAccount)
  providerConformance(async () => ({
    provider: stripeProvider({ secretKey, timeoutMs: 30_000, returnUrl: "https://example.com/back" }),
    async [Symbol.asyncDispose]() {},
  }));

test("Stripe's own test mode is asked where STRIPE_SECRET_KEY is a key of it", () => {
  if (!hasAccount) console.info("STRIPE_SECRET_KEY is no sk_test_… key: the provider's suite ran on the simulator alone");
});
