import { logScope } from "@cartwright/service-kit/log-procedures";
import { keptToken } from "@cartwright/service-kit/service-token";
import { ACCESS_TOKEN_MS, type SigningKey, tokenIssuer } from "@cartwright/service-kit/token-issuer";
import { type TokenVerifier, tokenVerifier } from "@cartwright/service-kit/token-verifier";
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet } from "jose";
import type { AccountStore } from "./account-store.ts";
import { type Auth, auth } from "./auth.ts";
import { guestTickets } from "./guest-tickets.ts";
import { boundedPasswords, type Passwords } from "./passwords.ts";
import { revocations } from "./revocations.ts";
import { serviceSecrets } from "./service-secrets.ts";
import type { SessionStore } from "./session-store.ts";
import type { SessionLimits } from "./session-tokens.ts";
import { signInThrottle } from "./sign-in-throttle.ts";
import { sweepSessions } from "./sweep-sessions.ts";
import { verifierByIssuer } from "./verifier-by-issuer.ts";

export type OpenAuthOptions = {
  accounts: AccountStore;
  sessions: SessionStore;
  passwords: Passwords;
  /** The first one signs; the others are still good. */
  keys: readonly [SigningKey, ...SigningKey[]];
  issuer: string;
  audience: string;
  /** Somebody else's tokens that are taken besides. */
  outside?: { issuer: string; jwksUrl: URL; algorithm?: string; audience?: string } | undefined;
  /** By service. */
  serviceSecrets: Readonly<Record<string, string>>;
  now?: () => Date;
  limits?: Partial<SessionLimits>;
  onError?: (error: unknown) => void;
};

export type OpenedAuth = AsyncDisposable & {
  auth: Auth;
  verifier: TokenVerifier;
  /** For `/.well-known/jwks.json`. */
  jwks: JSONWebKeySet;
  /** By which this service speaks to the others. */
  ownToken: () => Promise<string>;
};

/** Everything that has to do with tokens, put together: who gets one, and whose one is. */
export const openAuth = async (options: OpenAuthOptions): Promise<OpenedAuth> => {
  const { keys, issuer: name, audience, outside, sessions, onError, now = () => new Date() } = options;
  const milliseconds = () => now().getTime();
  const issuer = await tokenIssuer({ keys, issuer: name, audience, now: milliseconds });
  const revoked = await revocations({ sessions, accessTokenMs: ACCESS_TOKEN_MS, ...(onError && { onError }) });
  const sweeper = sweepSessions({ sessions, now, ...(onError && { onError }) });
  const common = { audience, isRevoked: revoked.isRevoked, now: milliseconds };

  const verifiers = new Map([[name, tokenVerifier({ ...common, keys: createLocalJWKSet(issuer.jwks), issuer: name })]]);
  if (outside) {
    const { jwksUrl, ...theirs } = outside;
    verifiers.set(outside.issuer, tokenVerifier({ ...common, ...theirs, keys: createRemoteJWKSet(jwksUrl) }));
  }

  return {
    auth: auth({
      ...options,
      now,
      issuer,
      passwords: boundedPasswords(options.passwords),
      throttle: signInThrottle(),
      revocations: revoked,
      isServiceSecret: serviceSecrets(options.serviceSecrets),
      tickets: await guestTickets({ keys, issuer: name }),
    }),
    verifier: verifierByIssuer(verifiers),
    jwks: issuer.jwks,
    ownToken: keptToken(() => issuer.issue({ subject: "service-cart", kind: "service", scopes: ["service:cart", logScope] }), milliseconds),
    async [Symbol.asyncDispose]() {
      await Promise.all([revoked.stop(), sweeper.stop()]);
    },
  };
};
