import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from "jose";
import type { PrincipalKind } from "./principal.ts";

export type TokenIssuer = {
  issue(claims: AccessClaims): Promise<IssuedToken>;
  /** The public keys, for `/.well-known/jwks.json`. */
  readonly jwks: JSONWebKeySet;
};

export type AccessClaims = {
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly scopes?: readonly string[];
  /** The sign-in that the token stems from. */
  readonly sessionId?: string;
};

export type IssuedToken = { readonly token: string; readonly tokenId: string; readonly expiresAt: Date };

export type TokenIssuerOptions = {
  /** The first one signs. The others are published, so that what they signed stays good until it expires. */
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeMs?: number;
  readonly now?: () => number;
};

/** A private Ed25519 key as a JWK with its id. */
export type SigningKey = JWK & {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly d: string;
  readonly x: string;
  readonly kid: string;
};

export const tokenIssuer = async (options: TokenIssuerOptions): Promise<TokenIssuer> => {
  const { keys, issuer, audience, lifetimeMs = ACCESS_TOKEN_MS, now = Date.now } = options;
  const [signing] = keys;
  const key = await importJWK(signing, ALGORITHM);
  return {
    jwks: { keys: keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid, alg: ALGORITHM, use: "sig" })) },
    async issue({ subject, kind, scopes = [], sessionId }) {
      const tokenId = crypto.randomUUID();
      const issuedAt = Math.floor(now() / 1_000);
      const expiresAt = issuedAt + Math.floor(lifetimeMs / 1_000);
      const claims = { kind, ...(scopes.length > 0 && { scope: scopes.join(" ") }), ...(sessionId !== undefined && { sid: sessionId }) };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: "at+jwt", kid: signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setJti(tokenId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, tokenId, expiresAt: new Date(expiresAt * 1_000) };
    },
  };
};

/** Ten minutes: what a stolen one is good for, and how long a revoked session must be remembered. */
export const ACCESS_TOKEN_MS = 600_000;

const ALGORITHM = "EdDSA";

export const generateSigningKey = async (): Promise<SigningKey> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: "Ed25519", extractable: true });
  return completed(await exportJWK(privateKey));
};

/**
 * The key that `AUTH_SIGNING_KEY` holds, as the JSON of a JWK.
 *
 * @throws {InvalidSigningKey} which tells nothing of it.
 */
export const parseSigningKey = async (text: string): Promise<SigningKey> => {
  // Not by JSON.parse, whose error quotes what it could not read.
  const jwk: unknown = await new Response(text).json().catch(() => undefined);
  return completed(jwk);
};

export class InvalidSigningKey extends Error {
  override readonly name = "InvalidSigningKey";
  readonly retryable = false;
}

const completed = async (jwk: unknown): Promise<SigningKey> => {
  if (typeof jwk !== "object" || jwk === null) throw new InvalidSigningKey("the signing key is not the JSON of a JWK");
  const { kty, crv, d, x, kid } = jwk as JWK;
  if (kty !== "OKP" || crv !== "Ed25519" || typeof d !== "string" || typeof x !== "string") {
    throw new InvalidSigningKey("the signing key is not a private Ed25519 key (kty OKP, crv Ed25519, with d and x)");
  }
  return { kty: "OKP", crv: "Ed25519", d, x, kid: kid ?? (await calculateJwkThumbprint({ kty, crv, x })) };
};
