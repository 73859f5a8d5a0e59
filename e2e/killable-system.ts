import { join } from "node:path";
import { operatorToken } from "@cartwright/infra/embedded/operator-token";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { freePort } from "@cartwright/testkit/free-port";
import { spawnTracked, type TrackedProcess } from "@cartwright/testkit/spawn-tracked";
import type postgres from "postgres";
import { asking, operatorScopes } from "./asking.ts";

export type KillableOptions = {
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly environment?: Readonly<Record<string, string>>;
};

const names = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];

/** All services as one process on this database, which can be killed and started again where it was. */
export const killableSystem = async ({ postgres, environment = {} }: KillableOptions) => {
  const signingKey = await generateSigningKey();
  const ports = await Promise.all(names.map(async (name) => [`${name}_PORT`, String(await freePort())] as const));
  const url = `http://localhost:${Object.fromEntries(ports).CART_PORT}`;
  const { host, port, user, password, database } = postgres as Record<string, unknown>;
  const settings = {
    postgres: { host, port, user, password, database },
    signingKey,
    environment: { ...Object.fromEntries(ports), DEFAULT_CURRENCY: "EUR", PAYMENT_TIMEOUT: "1s", INTENT_LEASE: "2s", ...environment },
  };
  let running: TrackedProcess | undefined;
  return {
    url,
    ...asking(() => url),
    async start(): Promise<void> {
      const program = [process.execPath, join(import.meta.dirname, "serve-embedded.ts")];
      running = spawnTracked(program, { cwd: import.meta.dirname, env: { ...process.env, SERVE_EMBEDDED: JSON.stringify(settings) } });
      await running.line(/serving/);
    },
    async kill(): Promise<void> {
      await running?.[Symbol.asyncDispose]();
    },
    /** As it is told to go when another one is put in its place. */
    async stop(): Promise<void> {
      running?.signalGroup("SIGTERM");
      await running?.exited;
    },
    /** The token of somebody who keeps the shop, its money and its shoppers. */
    operator: () => operatorToken(signingKey, operatorScopes),
    [Symbol.asyncDispose]: async () => running?.[Symbol.asyncDispose](),
  };
};

export type KillableSystem = Awaited<ReturnType<typeof killableSystem>>;
