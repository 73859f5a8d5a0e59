import { inMemoryLedger } from "../simulator/in-memory-ledger.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { providerConformance } from "./provider-conformance.ts";
import { stripeProvider } from "./stripe-provider.ts";

providerConformance(async () => {
  const simulator = simulatorApp(inMemoryLedger());
  return {
    provider: stripeProvider({ url: "http://simulator", secretKey: "sk_test", fetch: async (request) => simulator.fetch(request) }),
    async [Symbol.asyncDispose]() {},
  };
});
