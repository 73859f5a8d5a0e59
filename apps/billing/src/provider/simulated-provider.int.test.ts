import { openServiceTables } from "@cartwright/messaging/postgres/open-service-tables";
import { testDatabase } from "@cartwright/testkit/test-database";
import { inProcessFetch } from "../simulator/in-process-fetch.ts";
import { postgresLedger } from "../simulator/postgres/postgres-ledger.ts";
import { simulatorMigrations } from "../simulator/postgres/simulator-migrations.ts";
import { simulatorApp } from "../simulator/simulator-app.ts";
import { providerConformance } from "./provider-conformance.ts";
import { stripeProvider } from "./stripe-provider.ts";

const simulated = { url: "http://simulator", secretKey: "sk_test", timeoutMs: 500, returnUrl: "http://localhost:5100/checkout" };

providerConformance(
  async () => {
    await using opened = new AsyncDisposableStack();
    const db = opened.use(await testDatabase());
    const tables = { connection: db.options, schema: "billing", migrations: [simulatorMigrations], maxConnections: 4 };
    const { sql } = opened.use(await openServiceTables(tables));
    const simulator = simulatorApp(postgresLedger(sql, "billing"));
    const held = opened.move();
    return {
      provider: stripeProvider({ ...simulated, fetch: inProcessFetch(simulator) }),
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  },
  { numRuns: 6, maxCommands: 25, patienceMs: 5_000 },
);
