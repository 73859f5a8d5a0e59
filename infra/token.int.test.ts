import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authMigrations } from "@cartwright/cart/auth/postgres/auth-migrations";
import { keptSigningKey } from "@cartwright/cart/auth/postgres/kept-signing-key";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { silentLogger } from "@cartwright/service-kit/logger";
import { startEmbeddedPostgres } from "@cartwright/service-kit/node/embedded-postgres";
import { ownTokens } from "@cartwright/service-kit/own-tokens";
import { generateSigningKey, type SigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";
import { tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { testDatabase } from "@cartwright/testkit/test-database";
import { createLocalJWKSet } from "jose";
import postgres from "postgres";
import { expect, test } from "vitest";
import { signingKey } from "./ops/signing-key.ts";

const root = join(import.meta.dirname, "..");
const prepare = (sql: postgres.Sql) => migrate(sql, { schema: "cart", ...authMigrations });

const runToken = (args: readonly string[], environment: Record<string, string> = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, POSTGRES_CONNECTION_STRING: "", AUTH_SIGNING_KEY: "", ...environment };
    const child = execFile(process.execPath, ["infra/token.ts", ...args], { cwd: root, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

const verify = async (token: string, key: SigningKey) => {
  const { jwks } = await tokenIssuer({ keys: [key], ...ownTokens });
  const verified = await tokenVerifier({ keys: createLocalJWKSet(jwks), ...ownTokens }).verify(token);
  if (!verified.ok) throw new Error(verified.reason);
  return { ...verified.principal, scopes: [...verified.principal.scopes] };
};

test("a token of the asked scopes, signed with the key in the database, is all that is printed", async () => {
  await using db = await testDatabase({ prepare });
  const key = await keptSigningKey(db.sql, "cart");
  const { host, port, database, user, username, password } = db.options;
  const connection = `Host=${host};Port=${port};Database=${database};Username=${user ?? username};Password=${password}`;
  const printed = await runToken(["--scope", "cart:price,billing:read", "--scope", "cart:support"], {
    POSTGRES_CONNECTION_STRING: connection,
  });
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(await verify(printed.stdout.trim(), key)).toMatchObject({
    subject: "service-operator",
    kind: "service",
    scopes: ["cart:price", "billing:read", "cart:support"],
  });
});

test("a token can speak for a shopper, and a configured key needs no database", async () => {
  const key = await generateSigningKey();
  const environment = { AUTH_SIGNING_KEY: JSON.stringify(key) };
  const { stdout } = await runToken(["--subject", "user-123"], environment);
  expect(await verify(stdout.trim(), key)).toMatchObject({ subject: "user-123", kind: "user", scopes: [] });
});

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  ["nothing is asked for", [], {}, /needs a scope or a subject/],
  ["a scope is none", ["--scope", "everything"], {}, /everything is no scope; there are cart:price, cart:support, /],
  ["a scope is misspelt", ["--scope", "ops:raed"], {}, /ops:raed is no scope; there are .*ops:read/],
  ["an option is misspelt", ["--skope", "cart:price"], {}, /Usage/],
  [
    "the database is not there",
    ["--scope", "cart:price"],
    { POSTGRES_CONNECTION_STRING: "Host=127.0.0.1;Port=1" },
    /is Cartwright running/,
  ],
  ["the configured key is none", ["--scope", "cart:price"], { AUTH_SIGNING_KEY: "{}" }, /not a private Ed25519 key/],
])("when %s, one line says so and nothing looks like a token", async (_, args, environment, line) => {
  const printed = await runToken(args, environment);
  expect(printed).toMatchObject({ code: 1, stdout: "" });
  expect(printed.stderr).toMatch(line);
  expect(printed.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("--help lists the scopes, and prints no token", async () => {
  const printed = await runToken(["--help"]);
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout).toMatch(/^Usage: bun run token --scope .*\n.*ten minutes.*\n {2}cart:price +act for/);
});

test("the embedded database is found where it runs, and a line says so when it does not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-token-"));
  const config = { cartUrl: "", postgres: undefined, signingKey: undefined, dataDir: join(folder, "postgres") };
  await expect(signingKey(config)).rejects.toThrow("nothing runs here");
  {
    await using server = await startEmbeddedPostgres({ dataDir: config.dataDir, logger: silentLogger });
    await expect(signingKey(config)).rejects.toThrow("is Cartwright running?");
    const sql = postgres({ ...server.connection, max: 1, onnotice: () => {} });
    await prepare(sql);
    await expect(signingKey(config)).rejects.toThrow("has no signing key");
    const key = await keptSigningKey(sql, "cart");
    expect(await signingKey(config)).toEqual(key);
    await sql.end();
  }
  await expect(signingKey(config)).rejects.toThrow("nothing runs here");
  rmSync(folder, { recursive: true });
});
