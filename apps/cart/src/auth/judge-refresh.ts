import type { Refresh, RefreshRecord } from "./session-store.ts";

/**
 * Two tabs, or a client whose first answer was lost, present the same token at nearly the same time: within `graceMs` of
 * the exchange they are given the same successor. Later the token can only be a copy in the wrong hands (or the client's
 * successor is), so the whole family ends: RFC 9700, section 4.14.2.
 */
export const judgeRefresh =
  ({ now, graceMs }: { now: Date; graceMs: number }) =>
  (record: RefreshRecord | undefined): Refresh => {
    // Tokens are forgotten only after they have expired.
    if (!record) return { outcome: "ended", reason: "expired" };
    if (record.session.revokedAt) return { outcome: "ended", reason: "revoked" };
    const { revokedAt: _, ...session } = record.session;
    if (record.expiresAt <= now || session.expiresAt <= now) return { outcome: "ended", reason: "expired" };
    if (!record.spent) return { outcome: "rotate", session };
    if (now.getTime() - record.spent.at.getTime() <= graceMs) return { outcome: "repeat", session, salt: record.spent.salt };
    return { outcome: "reuse", session };
  };
