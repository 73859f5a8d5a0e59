import {
  createLocalJWKSet,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { describe, expect, test } from "vitest";
import { ACCESS_TOKEN_MS, generateSigningKey, parseSigningKey, type SigningKey, tokenIssuer } from "./token-issuer.ts";
import { type TokenVerifierOptions, tokenVerifier } from "./token-verifier.ts";

const ours = { issuer: "https://shop.example", audience: "shop" };
const START = Date.parse("2026-01-01T00:00:00.000Z");

const started = async (options: Partial<TokenVerifierOptions> = {}) => {
  let time = START;
  let signatureChecks = 0;
  const now = () => time;
  const key = await generateSigningKey();
  const issuer = await tokenIssuer({ ...ours, keys: [key], now });
  const local = createLocalJWKSet(issuer.jwks);
  const keys: TokenVerifierOptions["keys"] = (...asked) => {
    signatureChecks += 1;
    return local(...asked);
  };
  const verifier = tokenVerifier({ ...ours, keys, now, ...options });
  return {
    key,
    issuer,
    verifier,
    advance: (ms: number) => {
      time += ms;
    },
    signatureChecks: () => signatureChecks,
  };
};

/** A token of the right key with whatever else a forger may choose. */
const forged = async (key: SigningKey, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}) => {
  const seconds = START / 1_000;
  const payload = { iss: ours.issuer, aud: ours.audience, sub: "jane", jti: "t-1", iat: seconds, exp: seconds + 600, ...claims };
  const protectedHeader = { alg: "EdDSA", typ: "at+jwt", kid: key.kid, ...header };
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(await importJWK(key, "EdDSA"));
};

describe("an access token", () => {
  test("says whose it is, for ten minutes", async () => {
    const { issuer, verifier } = await started();
    const { token, tokenId, expiresAt } = await issuer.issue({ subject: "jane", kind: "guest", scopes: ["a:b", "c:d"], sessionId: "s-1" });
    expect(expiresAt.getTime()).toBe(START + ACCESS_TOKEN_MS);
    expect(await verifier.verify(token)).toEqual({
      ok: true,
      principal: { subject: "jane", kind: "guest", scopes: new Set(["a:b", "c:d"]), sessionId: "s-1", expiresAt, tokenId },
    });
  });

  test("of an issuer that knows no kinds and no sign-ins is a user's", async () => {
    const { key, verifier } = await started();
    const verified = await verifier.verify(await forged(key));
    expect(verified).toMatchObject({ ok: true, principal: { kind: "user", scopes: new Set() } });
    expect(verified.ok && "sessionId" in verified.principal).toBe(false);
  });

  test("is checked once, and told expired when its time has come, also where it is remembered", async () => {
    const { issuer, verifier, advance, signatureChecks } = await started();
    const { token } = await issuer.issue({ subject: "jane", kind: "user" });
    await verifier.verify(token);
    advance(ACCESS_TOKEN_MS + 4_999);
    expect(await verifier.verify(token)).toMatchObject({ ok: true });
    expect(signatureChecks()).toBe(1);
    advance(1);
    expect(await verifier.verify(token)).toEqual({ ok: false, reason: "expired" });
  });

  test("that had expired before it was ever seen is told expired", async () => {
    const { issuer, verifier, advance } = await started();
    const { token } = await issuer.issue({ subject: "jane", kind: "user" });
    advance(ACCESS_TOKEN_MS + 6_000);
    expect(await verifier.verify(token)).toEqual({ ok: false, reason: "expired" });
  });

  test("is revoked with its sign-in, at once, and others are not", async () => {
    const revoked = new Set<string>();
    const { issuer, verifier } = await started({ isRevoked: (sessionId) => revoked.has(sessionId) });
    const { token } = await issuer.issue({ subject: "jane", kind: "user", sessionId: "s-1" });
    const other = await issuer.issue({ subject: "jane", kind: "user", sessionId: "s-2" });
    const verified = await verifier.verify(token);
    revoked.add("s-1");
    expect(await verifier.verify(token)).toEqual({ ok: false, reason: "revoked" });
    expect(verified.ok && verifier.recheck(verified.principal)).toBe("revoked");
    expect(await verifier.verify(other.token)).toMatchObject({ ok: true });
  });

  test("is checked anew when too many others came since", async () => {
    const { issuer, verifier, signatureChecks } = await started({ cacheSize: 2 });
    const tokens = await Promise.all(["a", "b", "c"].map((subject) => issuer.issue({ subject, kind: "user" })));
    for (const { token } of [...tokens, ...tokens.slice(0, 1)]) expect(await verifier.verify(token)).toMatchObject({ ok: true });
    expect(signatureChecks()).toBe(4);
  });
});

describe("no token", () => {
  test.each<[string, JWTPayload]>([
    ["of another issuer", { iss: "https://evil.example" }],
    ["for another audience", { aud: "billing" }],
    ["without a subject", { sub: undefined } as never],
    ["of an empty subject", { sub: "" }],
    ["of a subject that no database can hold", { sub: "a\0b" }],
    ["of a subject that is no text", { sub: "a\ud800" }],
    ["of an endless subject", { sub: "x".repeat(256) }],
    ["without an end", { exp: undefined } as never],
    ["without a beginning", { iat: undefined } as never],
    ["without an id", { jti: undefined } as never],
    ["that is not good yet", { nbf: START / 1_000 + 60 }],
    ["of a kind that there is not", { kind: "admin" }],
    ["of a kind that every object has", { kind: "constructor" }],
    ["of scopes in another form", { scope: ["a", "b"] } as never],
    ["of a sign-in in another form", { sid: 7 }],
  ])("%s is accepted", async (_what, claims) => {
    const { key, verifier } = await started();
    expect(await verifier.verify(await forged(key, claims))).toEqual({ ok: false, reason: "invalid" });
  });

  test("that is not an access token is accepted", async () => {
    const { key, verifier } = await started();
    for (const typ of ["JWT", "rt+jwt", undefined]) {
      expect(await verifier.verify(await forged(key, {}, { typ } as never))).toEqual({ ok: false, reason: "invalid" });
    }
  });

  test("of an algorithm that was not pinned is accepted, whatever it says of itself", async () => {
    const { key, verifier } = await started();
    const part = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, "");
    const [, payload] = (await forged(key)).split(".");
    const unsigned = `${part({ alg: "none", typ: "at+jwt", kid: key.kid })}.${payload}.`;
    const byPublicKey = new SignJWT({ sub: "jane" })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: key.kid })
      .sign(new TextEncoder().encode(key.x));
    for (const token of [unsigned, await byPublicKey]) expect(await verifier.verify(token)).toEqual({ ok: false, reason: "invalid" });
  });

  test("whose signature or content was changed is accepted", async () => {
    const { key, verifier } = await started();
    const [header, payload, signature] = (await forged(key)).split(".");
    const other = (await forged(key, { sub: "joe" })).split(".")[1];
    for (const token of [`${header}.${other}.${signature}`, `${header}.${payload}.${signature?.slice(4)}AAAA`, `${header}.${payload}.`]) {
      expect(await verifier.verify(token)).toEqual({ ok: false, reason: "invalid" });
    }
  });

  test.each(["", "x", "a.b.c", "é.é.é", "e30.e30.e30", "x".repeat(100_000)])("that is none is accepted (%#)", async (token) => {
    const { verifier } = await started();
    expect(await verifier.verify(token)).toEqual({ ok: false, reason: "invalid" });
  });

  test("of a key that is not the issuer's is accepted", async () => {
    const { verifier } = await started();
    expect(await verifier.verify(await forged(await generateSigningKey()))).toEqual({ ok: false, reason: "invalid" });
  });
});

describe("the keys of an issuer", () => {
  test("are published without what signs", async () => {
    const { key, issuer } = await started();
    expect(issuer.jwks).toEqual({ keys: [{ kty: "OKP", crv: "Ed25519", x: key.x, kid: key.kid, alg: "EdDSA", use: "sig" }] });
    expect(JSON.stringify(issuer.jwks)).not.toMatch(key.d);
  });

  test("may change: what the one before signed stays good", async () => {
    const [before, after] = [await generateSigningKey(), await generateSigningKey()];
    const old = await tokenIssuer({ ...ours, keys: [before] });
    const rotated = await tokenIssuer({ ...ours, keys: [after, before] });
    const verifier = tokenVerifier({ ...ours, keys: createLocalJWKSet(rotated.jwks) });
    for (const issuer of [old, rotated]) {
      expect(await verifier.verify((await issuer.issue({ subject: "jane", kind: "user" })).token)).toMatchObject({ ok: true });
    }
  });

  test("may be another's, of another algorithm, from its address", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "k-1", alg: "ES256" };
    await using there = served(() => Response.json({ keys: [jwk] }));
    const verifier = tokenVerifier({ ...ours, keys: createRemoteJWKSet(there.url), algorithm: "ES256" });
    const token = await new SignJWT({ scope: "a" })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "k-1" })
      .setIssuer(ours.issuer)
      .setAudience(ours.audience)
      .setSubject("jane")
      .setJti("t-1")
      .setIssuedAt()
      .setExpirationTime("1m")
      .sign(privateKey);
    expect(await verifier.verify(token)).toMatchObject({ ok: true, principal: { subject: "jane" } });
    expect(await tokenVerifier({ ...ours, keys: createRemoteJWKSet(there.url) }).verify(token)).toEqual({ ok: false, reason: "invalid" });
  });

  test.each<[string, () => Response]>([
    ["is away", () => new Response("", { status: 503 })],
    ["answers nonsense", () => new Response("<html>")],
  ])("cannot be had when its address %s: nothing is said of the token", async (_what, answer) => {
    await using there = served(answer);
    const { key } = await started();
    const verifier = tokenVerifier({ ...ours, keys: createRemoteJWKSet(there.url), now: () => START });
    await expect(verifier.verify(await forged(key))).rejects.toMatchObject({ name: "KeysUnavailable", retryable: true });
  });

  test("cannot be had where nobody answers", async () => {
    const { key } = await started();
    const verifier = tokenVerifier({ ...ours, keys: createRemoteJWKSet(new URL("http://127.0.0.1:1/jwks")), now: () => START });
    await expect(verifier.verify(await forged(key))).rejects.toMatchObject({ name: "KeysUnavailable" });
  });
});

describe("a signing key from the configuration", () => {
  test("is the JSON of a JWK, and gets an id if it has none", async () => {
    const key = await generateSigningKey();
    expect(await parseSigningKey(JSON.stringify(key))).toEqual(key);
    const { kid: _, ...unnamed } = key;
    expect(await parseSigningKey(JSON.stringify(unnamed))).toEqual(key);
  });

  test.each(["", "s3cr3t", "null", "[]", `{"kty":"EC","d":"s3cr3t"}`, `{"kty":"OKP","crv":"Ed25519","x":"s3cr3t"}`])(
    "is refused where it is something else, and nothing of it told (%#)",
    async (text) => {
      const error = await parseSigningKey(text).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "InvalidSigningKey" });
      expect(String(error)).not.toMatch("s3cr3t");
    },
  );
});

const served = (answer: () => Response) => {
  const server = Bun.serve({ port: 0, fetch: answer });
  return { url: new URL("/jwks", server.url), [Symbol.asyncDispose]: () => server.stop(true) };
};
