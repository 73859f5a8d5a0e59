import type { SigningKey } from "@cartwright/service-kit/token-issuer";
import { createLocalJWKSet, errors, importJWK, jwtVerify, SignJWT } from "jose";
import type { Session } from "./session-store.ts";

/**
 * A guest's first refresh token. It is signed and not stored, so that a flood of guests writes nothing: the session comes
 * into the database when the ticket is first exchanged, and from then on it is a refresh token like any other.
 */
export type GuestTickets = {
  issue(session: Session, expiresAt: Date): Promise<string>;
  /** What the ticket says, or undefined when it is none of ours or has expired. */
  read(ticket: string, now: Date): Promise<{ session: Session; expiresAt: Date } | undefined>;
};

export type GuestTicketsOptions = {
  /** The first one signs; what the others signed stays good until it expires. */
  keys: readonly [SigningKey, ...SigningKey[]];
  issuer: string;
};

export const guestTickets = async ({ keys, issuer }: GuestTicketsOptions): Promise<GuestTickets> => {
  const [signing] = keys;
  const privateKey = await importJWK(signing, algorithm);
  const publicKeys = createLocalJWKSet({ keys: keys.map(({ kty, crv, x, kid }) => ({ kty, crv, x, kid })) });

  return {
    issue: (session, expiresAt) =>
      new SignJWT({ sid: session.sid, sessionExpiresAt: session.expiresAt.getTime() })
        .setProtectedHeader({ alg: algorithm, typ: ticketType, kid: signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(session.subject)
        .setExpirationTime(expiresAt)
        .sign(privateKey),

    async read(ticket, now) {
      if (!looksLikeJwt(ticket)) return undefined;
      try {
        const { payload } = await jwtVerify<{ sid: string; sessionExpiresAt: number }>(ticket, publicKeys, {
          algorithms: [algorithm],
          typ: ticketType,
          issuer,
          audience,
          requiredClaims: ["sub", "sid", "exp", "sessionExpiresAt"],
          currentDate: now,
        });
        const { sub = "", sid, exp = 0, sessionExpiresAt } = payload;
        return { session: { sid, subject: sub, kind: "guest", expiresAt: new Date(sessionExpiresAt) }, expiresAt: new Date(exp * 1000) };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
};

const algorithm = "EdDSA";
/** Neither type nor audience is an access token's: no verifier takes one for the other. */
const ticketType = "guest-ticket+jwt";
const audience = "refresh";
const looksLikeJwt = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
