import { generateSigningKey, type SigningKey } from "@cartwright/service-kit/token-issuer";
import { exportJWK, generateKeyPair, importJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { Email } from "./account-store.ts";
import { inMemoryAccountStore } from "./in-memory-account-store.ts";
import { inMemorySessionStore } from "./in-memory-session-store.ts";
import { type OpenAuthOptions, openAuth } from "./open-auth.ts";
import type { Passwords } from "./passwords.ts";

const issuer = "https://cart.test";
const audience = "cartwright";
const [key, foreign] = [await generateSigningKey(), await generateSigningKey()];
const passwords: Passwords = { hash: async (password) => password, verify: async (password, hash) => password === hash };

const start = async (options: Partial<OpenAuthOptions> = {}) => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const now = () => new Date(clock.now);
  const accounts = inMemoryAccountStore();
  const ada = { email: Email.parse("ada@example.com"), password: "secret" };
  await accounts.add({ ...ada, subject: "user-ada", passwordHash: ada.password, scopes: ["cart:support"], disabledAt: null });
  const opened = await openAuth({
    accounts,
    sessions: inMemorySessionStore(now),
    passwords,
    keys: [key],
    issuer,
    audience,
    serviceSecrets: { billing: "of billing" },
    now,
    ...options,
  });
  return { ...opened, ada, clock };
};

const minutes = 60_000;
const tokensIn = <Value>(result: { ok: true; value: Value } | { ok: false }): Value => {
  if (!result.ok) throw new Error("refused");
  return result.value;
};

describe("an access token", () => {
  test("says whose it is and what it allows", async () => {
    await using cart = await start();
    const guest = await cart.auth.guest();
    expect(await cart.verifier.verify(guest.token)).toMatchObject({ ok: true, principal: { subject: guest.subject, kind: "guest" } });
    const user = tokensIn(await cart.auth.signIn(cart.ada));
    const verified = await cart.verifier.verify(user.token);
    expect(verified).toMatchObject({ ok: true, principal: { subject: "user-ada", kind: "user", expiresAt: user.expiresAt } });
    expect(verified.ok && [...verified.principal.scopes]).toEqual(["cart:support"]);
    const service = tokensIn(await cart.auth.serviceToken({ service: "billing", secret: "of billing" }));
    const ofService = await cart.verifier.verify(service.token);
    expect(ofService.ok && [...ofService.principal.scopes]).toEqual(["service:billing", "log:read"]);
  });

  test("is good for ten minutes", async () => {
    await using cart = await start();
    const { token } = await cart.auth.guest();
    cart.clock.now += 10 * minutes - 1;
    expect(await cart.verifier.verify(token)).toMatchObject({ ok: true });
    cart.clock.now += 6_000;
    expect(await cart.verifier.verify(token)).toEqual({ ok: false, reason: "expired" });
  });

  test("is no good any more once its session has ended", async () => {
    await using cart = await start();
    const user = tokensIn(await cart.auth.signIn(cart.ada));
    const other = tokensIn(await cart.auth.signIn(cart.ada));
    const verified = await cart.verifier.verify(user.token);
    await cart.auth.signOut(user);
    expect(await cart.verifier.verify(user.token)).toEqual({ ok: false, reason: "revoked" });
    expect(verified.ok && cart.verifier.recheck(verified.principal)).toBe("revoked");
    expect(await cart.verifier.verify(other.token)).toMatchObject({ ok: true });
  });

  test("of a stolen refresh token's session is no good any more either", async () => {
    await using cart = await start();
    const user = tokensIn(await cart.auth.signIn(cart.ada));
    const thief = tokensIn(await cart.auth.refresh(user));
    cart.clock.now += 1 * minutes;
    expect(await cart.auth.refresh(user)).toMatchObject({ ok: false, refusal: { reason: "reused" } });
    expect(await cart.verifier.verify(thief.token)).toEqual({ ok: false, reason: "revoked" });
  });

  test("signed with a key that was replaced is good until it expires", async () => {
    await using before = await start();
    const { token, refreshToken } = await before.auth.guest();
    await using after = await start({ keys: [await generateSigningKey(), key] });
    expect(await after.verifier.verify(token)).toMatchObject({ ok: true });
    expect(await after.auth.refresh({ refreshToken })).toMatchObject({ ok: true });
    expect(after.jwks.keys).toHaveLength(2);
  });
});

describe("what is refused as an access token", () => {
  const claims = { kind: "user", scope: "cart:support" };
  const sign = async (change: {
    key?: SigningKey;
    header?: object;
    claims?: object;
    issuer?: string;
    audience?: string;
    without?: "exp" | "jti" | "sub";
  }) => {
    const now = Math.floor(Date.UTC(2026, 0, 1) / 1_000);
    const token = new SignJWT({ ...claims, ...change.claims })
      .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: key.kid, ...change.header })
      .setIssuer(change.issuer ?? issuer)
      .setAudience(change.audience ?? audience)
      .setIssuedAt(now);
    if (change.without !== "sub") token.setSubject("user-ada");
    if (change.without !== "jti") token.setJti("1");
    if (change.without !== "exp") token.setExpirationTime(now + 600);
    return token.sign(await importJWK(change.key ?? key, "EdDSA"));
  };
  const unsigned = (header: object) =>
    `${[header, { ...claims, iss: issuer, aud: audience, sub: "user-ada", jti: "1", iat: 1767225600, exp: 1767226200 }].map((part) => btoa(JSON.stringify(part)).replaceAll("=", "")).join(".")}.`;
  const hmacWithPublicKey = async () => {
    const secret = new TextEncoder().encode(JSON.stringify({ kty: key.kty, crv: key.crv, x: key.x, kid: key.kid }));
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject("user-ada")
      .setJti("1")
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(secret);
  };
  test("a token made here in the same way is taken, so that what follows is refused for what it says", async () => {
    await using cart = await start();
    expect(await cart.verifier.verify(await sign({}))).toMatchObject({ ok: true });
  });

  test.each<[string, () => Promise<string> | string]>([
    ["another issuer", () => sign({ issuer: "https://elsewhere.test" })],
    ["another audience", () => sign({ audience: "billing" })],
    ["another type", () => sign({ header: { typ: "JWT" } })],
    ["a key of somebody else under our key's id", () => sign({ key: { ...foreign, kid: key.kid } })],
    ["a key that we don't know", () => sign({ key: foreign, header: { kid: foreign.kid } })],
    [
      "a key that it brings itself",
      () => sign({ key: foreign, header: { kid: foreign.kid, jwk: { kty: foreign.kty, crv: foreign.crv, x: foreign.x } } }),
    ],
    ["no expiry", () => sign({ without: "exp" })],
    ["no id", () => sign({ without: "jti" })],
    ["no subject", () => sign({ without: "sub" })],
    ["no signature", () => unsigned({ alg: "none", typ: "at+jwt" })],
    ["the public key as a shared secret", hmacWithPublicKey],
    ["nothing", () => ""],
    ["something else altogether", () => "a.b.c"],
  ])("%s", async (_, make) => {
    await using cart = await start();
    expect(await cart.verifier.verify(await make())).toEqual({ ok: false, reason: "invalid" });
  });

  test("a refresh token, a guest's too", async () => {
    await using cart = await start();
    const guest = await cart.auth.guest();
    const user = tokensIn(await cart.auth.signIn(cart.ada));
    for (const { refreshToken } of [guest, user]) {
      expect(await cart.verifier.verify(refreshToken)).toEqual({ ok: false, reason: "invalid" });
    }
    expect(await cart.auth.refresh({ refreshToken: guest.token })).toMatchObject({ ok: false });
  });
});

test("tokens of an outside issuer are taken besides our own, each by its own keys", async () => {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "theirs", alg: "ES256" }] };
  using server = Bun.serve({ port: 0, fetch: () => Response.json(jwks) });
  const outside = { issuer: "https://idp.test", jwksUrl: new URL(`http://localhost:${server.port}/jwks.json`), algorithm: "ES256" };
  await using cart = await start({ outside });
  const theirs = (name: string) =>
    new SignJWT({ scope: "cart:support" })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "theirs" })
      .setIssuer(name)
      .setAudience(audience)
      .setSubject("auth0|ada")
      .setJti("1")
      .setIssuedAt(cart.clock.now / 1_000)
      .setExpirationTime(cart.clock.now / 1_000 + 600)
      .sign(privateKey);
  expect(await cart.verifier.verify(await theirs(outside.issuer))).toMatchObject({
    ok: true,
    principal: { subject: "auth0|ada", kind: "user" },
  });
  expect(await cart.verifier.verify(await theirs(issuer))).toEqual({ ok: false, reason: "invalid" });
  expect(await cart.verifier.verify((await cart.auth.guest()).token)).toMatchObject({ ok: true });
});
