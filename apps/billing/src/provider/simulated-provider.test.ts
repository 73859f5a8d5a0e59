import { inMemoryLedger } from "../simulator/in-memory-ledger.ts";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { providerConformance } from "./provider-conformance.ts";
import { stripeProvider } from "./stripe-provider.ts";

const simulated = { url: "http://simulator", secretKey: "sk_test", timeoutMs: 500, returnUrl: "http://localhost:5100/checkout" };

providerConformance(
  async () => {
    const simulator = simulatorApp(inMemoryLedger());
    return {
      provider: stripeProvider({ ...simulated, fetch: inProcessFetch(simulator) }),
      async [Symbol.asyncDispose]() {},
    };
  },
  { numRuns: 150, maxCommands: 40, patienceMs: 5_000 },
);
