import type { Sealed } from "@cartwright/contracts/sealed";
import { migrate } from "@cartwright/event-log/postgres/migrate";
import { type TestDatabase, testDatabase } from "@cartwright/testkit/test-database";
import { until } from "@cartwright/testkit/until";
import type postgres from "postgres";
import { expect, test } from "vitest";
import { inMemoryPersonKeys } from "../privacy/in-memory-person-keys.ts";
import { sealer } from "../privacy/sealer.ts";
import { masterKey } from "../privacy/sealing.ts";
import { accountSealing } from "./account-sealing.ts";
import { Email } from "./account-store.ts";
import { bunPasswords } from "./node/bun-passwords.ts";
import { openAuth } from "./open-auth.ts";
import { authMigrations } from "./postgres/auth-migrations.ts";
import { keptSigningKey } from "./postgres/kept-signing-key.ts";
import { postgresAccountStore, sealKeptAccounts } from "./postgres/postgres-account-store.ts";
import { postgresSessionStore } from "./postgres/postgres-session-store.ts";

const schema = "cart";
const prepare = (sql: postgres.Sql) => migrate(sql, { schema, ...authMigrations });
const master = await masterKey("a master key for tests");
const ada = { email: Email.parse("ada@example.com"), password: "correct horse" };

/** One process of the cart service, as far as tokens go. */
const startProcess = async ({ sql }: TestDatabase, key = master) => {
  const seals = sealer({ keys: inMemoryPersonKeys(), master: key, now: () => new Date() });
  const sealing = accountSealing(seals, key);
  const accounts = postgresAccountStore(sql, schema, sealing);
  const opened = await openAuth({
    accounts,
    sessions: postgresSessionStore(sql, schema),
    passwords: bunPasswords,
    keys: [await keptSigningKey(sql, schema)],
    issuer: "https://cart.test",
    audience: "cartwright",
    serviceSecrets: {},
  });
  return { ...opened, accounts, seals, sealKept: () => sealKeptAccounts(sql, schema, sealing) };
};

const tokensIn = <Value>(result: { ok: true; value: Value } | { ok: false }): Value => {
  if (!result.ok) throw new Error("refused");
  return result.value;
};

test("processes that start together on an empty database share one key, and each takes the other's tokens", async () => {
  await using db = await testDatabase({ prepare });
  const processes = await Promise.all([startProcess(db), startProcess(db), startProcess(db)]);
  expect(new Set(processes.map(({ jwks }) => JSON.stringify(jwks))).size).toBe(1);
  expect(JSON.stringify(processes[0].jwks)).not.toContain('"d"');
  const { token, refreshToken, subject } = await processes[0].auth.guest();
  expect(await processes[1].verifier.verify(token)).toMatchObject({ ok: true, principal: { subject } });
  expect(await processes[2].auth.refresh({ refreshToken })).toMatchObject({ ok: true, value: { subject } });
  for (const process of processes) await process[Symbol.asyncDispose]();
});

test("an account in the database signs in with its password, in whatever case the address is typed", async () => {
  await using db = await testDatabase({ prepare });
  await using cart = await startProcess(db);
  const account = {
    subject: "user-ada",
    email: ada.email,
    passwordHash: await bunPasswords.hash(ada.password),
    scopes: ["cart:support"],
    disabledAt: null,
  };
  expect(await cart.accounts.add(account)).toBe(true);
  expect(await cart.accounts.add(account)).toBe(false);
  expect(await cart.accounts.add({ ...account, subject: "user-2" })).toBe(false);
  const tokens = tokensIn(await cart.auth.signIn({ email: Email.parse("ADA@example.com"), password: ada.password }));
  const verified = await cart.verifier.verify(tokens.token);
  expect(verified).toMatchObject({ ok: true, principal: { subject: "user-ada", kind: "user" } });
  expect(verified.ok && [...verified.principal.scopes]).toEqual(["cart:support"]);
  expect(await cart.auth.signIn({ ...ada, password: "battery staple" })).toEqual({ ok: false, refusal: { code: "InvalidCredentials" } });
  const stored = JSON.stringify(await db.sql`select * from cart.account, cart.session, cart.refresh_token`);
  expect(stored).toContain("$argon2id$");
  expect(stored).not.toContain(ada.password);
  expect(stored).not.toContain(tokens.refreshToken);
  expect(stored).not.toContain(ada.email);
});

test("accounts that were kept in the clear are sealed by the first start, however many start at once, and sign in as before", async () => {
  await using db = await testDatabase({ prepare });
  const hash = await bunPasswords.hash(ada.password);
  await db.sql`insert into cart.account (subject, email, password_hash) values ('user-ada', ${ada.email}, ${hash})`;
  await using cart = await startProcess(db);
  await Promise.all([cart.sealKept(), cart.sealKept(), cart.sealKept()]);
  const rows = await db.sql<{ email_sealed: Sealed }[]>`select * from cart.account`;
  expect(JSON.stringify(rows)).not.toContain(ada.email);
  expect(await cart.seals.open(rows.map((row) => ({ field: "email", sealed: row.email_sealed })))).toEqual([ada.email]);
  expect(await cart.auth.signIn(ada)).toMatchObject({ ok: true, value: { subject: "user-ada" } });
  expect(await cart.accounts.add({ ...ada, subject: "user-2", passwordHash: hash, scopes: [], disabledAt: null })).toBe(false);
});

test("an account that was found by an older master key still is", async () => {
  await using db = await testDatabase({ prepare });
  const hash = await bunPasswords.hash(ada.password);
  const account = { ...ada, subject: "user-ada", passwordHash: hash, scopes: [], disabledAt: null };
  await using before = await startProcess(db);
  await before.accounts.add(account);
  await using after = await startProcess(db, await masterKey("the next master key", ["a master key for tests"]));
  expect(await after.auth.signIn(ada)).toMatchObject({ ok: true });
  expect(await after.accounts.add({ ...account, subject: "user-2" })).toBe(false);
});

test("a flood of guests writes nothing to the database, and each may still come back", async () => {
  await using db = await testDatabase({ prepare });
  await using cart = await startProcess(db);
  const guests = await Promise.all(Array.from({ length: 50 }, () => cart.auth.guest()));
  expect(await db.sql`select from cart.session`).toHaveLength(0);
  expect(await cart.auth.refresh({ refreshToken: guests[7]?.refreshToken ?? "" })).toMatchObject({
    ok: true,
    value: { subject: guests[7]?.subject },
  });
  expect(await db.sql`select from cart.session`).toHaveLength(1);
});

test("two tabs in two processes refresh at once and both stay signed in; the token's late return signs both out", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  await using other = await startProcess(db);
  const guest = await one.auth.guest();
  const tabs = await Promise.all([one.auth.refresh(guest), other.auth.refresh(guest), one.auth.refresh(guest), other.auth.refresh(guest)]);
  const refreshTokens = new Set(tabs.map((tab) => tokensIn(tab).refreshToken));
  expect(refreshTokens.size).toBe(1);

  await db.sql`update cart.refresh_token set spent_at = spent_at - interval '11 seconds' where spent_at is not null`;
  expect(await other.auth.refresh(guest)).toMatchObject({ ok: false, refusal: { reason: "reused" } });
  for (const refreshToken of refreshTokens) {
    expect(await one.auth.refresh({ refreshToken })).toMatchObject({ ok: false, refusal: { reason: "revoked" } });
  }
});

test("who signs out in one process is signed out in the others within seconds, and after a restart too", async () => {
  await using db = await testDatabase({ prepare });
  await using one = await startProcess(db);
  await using other = await startProcess(db);
  const guest = await one.auth.guest();
  expect(await other.verifier.verify(guest.token)).toMatchObject({ ok: true });
  await one.auth.signOut(guest);
  expect(await one.verifier.verify(guest.token)).toEqual({ ok: false, reason: "revoked" });

  await until(async () => !(await other.verifier.verify(guest.token)).ok);
  expect(await other.verifier.verify(guest.token)).toEqual({ ok: false, reason: "revoked" });
  await using restarted = await startProcess(db);
  expect(await restarted.verifier.verify(guest.token)).toEqual({ ok: false, reason: "revoked" });
});
