import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import type { Principal, PrincipalKind } from "./principal.ts";
import type { TokenFault } from "./request-refusal.ts";

export type TokenVerifier = {
  /**
   * Says whose an access token is.
   *
   * @throws {KeysUnavailable} when the issuer's keys cannot be had, so that nothing can be said.
   */
  verify(token: string): Promise<Verification>;
  /** Whether a principal that was verified before is still good. */
  recheck(principal: Principal): TokenFault | undefined;
};

export type Verification = { readonly ok: true; readonly principal: Principal } | { readonly ok: false; readonly reason: TokenFault };

export type TokenVerifierOptions = {
  /** Of an issuer in this process by `createLocalJWKSet`, of another by `createRemoteJWKSet`. */
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly audience: string;
  /** The one algorithm that is accepted, whatever a token says of itself. */
  readonly algorithm?: string;
  /** Whether a sign-in has ended while its tokens still look good. */
  readonly isRevoked?: (sessionId: string) => boolean;
  readonly now?: () => number;
  /** How many verified tokens are remembered, so that a call does not cost a signature check. */
  readonly cacheSize?: number;
};

/** The issuer's keys cannot be had. */
export class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
  readonly retryable = true;
}

export const tokenVerifier = (options: TokenVerifierOptions): TokenVerifier => {
  const { isRevoked = () => false, now = Date.now, cacheSize = 10_000 } = options;
  const verified = new LRUCache<string, Principal>({ max: cacheSize });

  const recheck = ({ expiresAt, sessionId }: Principal): TokenFault | undefined => {
    if (expiresAt.getTime() + TOLERANCE_MS <= now()) return "expired";
    return sessionId !== undefined && isRevoked(sessionId) ? "revoked" : undefined;
  };

  return {
    recheck,
    async verify(token) {
      const known = verified.get(token);
      const checked = known === undefined ? await check(token, options, now) : known;
      if (typeof checked === "string") return { ok: false, reason: checked };
      if (known === undefined) verified.set(token, checked);
      const reason = recheck(checked);
      return reason === undefined ? { ok: true, principal: checked } : { ok: false, reason };
    },
  };
};

/** What the clocks of two machines may differ by. */
const TOLERANCE_MS = 5_000;
/** Longer than any that is issued, and short enough that ten thousand of them can be remembered. */
const MAX_TOKEN_LENGTH = 4_096;

const check = async (token: string, options: TokenVerifierOptions, now: () => number): Promise<Principal | TokenFault> => {
  if (token.length > MAX_TOKEN_LENGTH) return "invalid";
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      issuer: options.issuer,
      audience: options.audience,
      algorithms: [options.algorithm ?? "EdDSA"],
      typ: "at+jwt",
      requiredClaims: ["sub", "exp", "iat", "jti"],
      clockTolerance: TOLERANCE_MS / 1_000,
      currentDate: new Date(now()),
    });
    return principalOf(payload) ?? "invalid";
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "expired";
    if (isAboutTheToken(error)) return "invalid";
    throw new KeysUnavailable("the issuer's keys cannot be had", { cause: error });
  }
};

/** jose's generic error and its time-out are about the fetching of keys; all its others are about the token. */
const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);

const isKind = (value: unknown): value is PrincipalKind => value === "guest" || value === "user" || value === "service";

/** Of claims whose presence was checked; what becomes the name of a stream must be text that a database can hold. */
const principalOf = ({ sub, exp, jti, scope = "", sid, kind = "user" }: JWTPayload): Principal | undefined => {
  if (!isKind(kind) || exp === undefined || !isName(sub) || !isName(jti) || typeof scope !== "string") return undefined;
  if (sid !== undefined && !isName(sid)) return undefined;
  return {
    subject: sub,
    kind,
    scopes: new Set(scope.split(" ").filter((one) => one !== "")),
    ...(sid !== undefined && { sessionId: sid }),
    expiresAt: new Date(exp * 1_000),
    tokenId: jti,
  };
};

const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 255 && !value.includes("\0") && value.isWellFormed();
