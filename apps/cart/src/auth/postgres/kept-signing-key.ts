import { generateSigningKey, type SigningKey } from "@cartwright/service-kit/token-issuer";
import type postgres from "postgres";

/**
 * The private key that the service keeps for itself in `schema`. Of processes that start together on an empty table one
 * keeps what it made, and all of them use that, so that replicas sign and verify alike.
 */
export const keptSigningKey = async (sql: postgres.Sql, schema: string): Promise<SigningKey> => {
  const kept = await readSigningKey(sql, schema);
  if (kept) return kept;

  await sql`
    insert into ${sql(`${schema}.signing_key`)} (purpose, private_jwk) values (${purpose}, ${sql.json(await generateSigningKey())})
    on conflict do nothing`;
  const winner = await readSigningKey(sql, schema);
  if (!winner) throw new TypeError(`${schema}.signing_key kept no key`);
  return winner;
};

/** Undefined until a service has started on the schema. */
export const readSigningKey = async (sql: postgres.Sql, schema: string): Promise<SigningKey | undefined> => {
  const [row] = await sql<{ key: SigningKey }[]>`
    select private_jwk as key from ${sql(`${schema}.signing_key`)} where purpose = ${purpose}`;
  return row?.key;
};

const purpose = "access-token";
