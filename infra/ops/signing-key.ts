import { readSigningKey } from "@cartwright/cart/auth/postgres/kept-signing-key";
import { parseSigningKey, type SigningKey } from "@cartwright/service-kit/token-issuer";
import postgres from "postgres";
import type { OpsConfig } from "./config.ts";
import { OpsError } from "./ops-error.ts";
import { runningPostgres } from "./running-postgres.ts";

/**
 * The key that the cart service signs with: the configured one, else the one that it keeps in its database.
 *
 * @throws {OpsError} when there is none, because nothing runs.
 */
export const signingKey = async (config: OpsConfig): Promise<SigningKey> => {
  if (config.signingKey !== undefined) return parseSigningKey(config.signingKey);
  const sql = postgres({ ...(config.postgres ?? runningPostgres(config.dataDir)), max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const key = await readSigningKey(sql, "cart");
    if (!key) throw new OpsError("the database has no signing key: the cart service has never started on it");
    return key;
  } catch (cause) {
    if (cause instanceof OpsError) throw cause;
    throw new OpsError(`the database can't be read (${cause instanceof Error ? cause.message : cause}): is Cartwright running?`, { cause });
  } finally {
    await sql.end({ timeout: 1 });
  }
};
