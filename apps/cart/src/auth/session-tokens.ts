import type { TokenIssuer } from "@cartwright/service-kit/token-issuer";
import type { Session } from "./session-store.ts";

export type Tokens = {
  /** For `authorization: Bearer …`, until `expiresAt`. */
  token: string;
  /** For one `auth.refresh`. */
  refreshToken: string;
  subject: string;
  expiresAt: Date;
};

export type SessionLimits = {
  /** Unused for so long, a refresh token is worth nothing. */
  refreshTokenMs: number;
  /** However much it is used, a session ends after this. */
  sessionMs: number;
  /** How long a token that was exchanged still gives the same successor: `judgeRefresh` says why. */
  graceMs: number;
};

export type SessionTokensDeps = { issuer: Pick<TokenIssuer, "issue">; now: () => Date; limits: SessionLimits };

export const newSession = ({ now, limits }: SessionTokensDeps, owner: Pick<Session, "subject" | "kind">): Session => ({
  ...owner,
  sid: crypto.randomUUID(),
  expiresAt: new Date(now().getTime() + limits.sessionMs),
});

export const refreshTokenExpiry = ({ now, limits }: SessionTokensDeps): Date => new Date(now().getTime() + limits.refreshTokenMs);

export const tokensOf = async (
  { issuer }: SessionTokensDeps,
  { session, scopes, refreshToken }: { session: Session; scopes: readonly string[]; refreshToken: string },
): Promise<Tokens> => {
  const { sid, subject, kind } = session;
  const { token, expiresAt } = await issuer.issue({ subject, kind, scopes, sessionId: sid });
  return { token, refreshToken, subject, expiresAt };
};
