import { startServices } from "@cartwright/all-in-one/compose";
import { parseAllInOne } from "@cartwright/all-in-one/config";
import { type Logger, silentLogger } from "@cartwright/service-kit/logger";
import { generateSigningKey } from "@cartwright/service-kit/token-issuer";
import type postgres from "postgres";
import demonstrationCatalogue from "../catalogue/demonstration.json";
import { operatorToken } from "./operator-token.ts";

export type OpenEmbeddedOptions = {
  readonly postgres: postgres.Options<Record<string, never>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
  /** That tokens stay good when it is opened again. */
  readonly signingKey?: Awaited<ReturnType<typeof generateSigningKey>>;
};

/** All services in this process, as `start` composes them, on free ports, and tokens for whoever is to look. For tests. */
export const openEmbedded = async ({ postgres, environment = {}, logger = silentLogger, signingKey }: OpenEmbeddedOptions) => {
  const key = signingKey ?? (await generateSigningKey());
  const held = new AsyncDisposableStack();
  const services = await startServices({
    scope: { use: (resource) => held.use(resource), signal: new AbortController().signal },
    postgres,
    configs: parseAllInOne({
      ...Object.fromEntries(ports.map((name) => [`${name}_PORT`, "0"])),
      AUTH_SIGNING_KEY: JSON.stringify(key),
      ...environment,
    }),
    logger,
    demonstrationCatalogue,
  });
  return {
    ...services,
    token: (...scopes: readonly string[]) => operatorToken(key, scopes),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
};

const ports = ["CART", "BILLING", "FRAUD", "NOTIFICATION", "PROJECTOR", "STOREFRONT", "ADMIN"];
