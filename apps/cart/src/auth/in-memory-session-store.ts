import type { RefreshRecord, SessionStore } from "./session-store.ts";

type Token = { sid: string } & Pick<RefreshRecord, "expiresAt" | "spent">;

/** For tests, and where there is no PostgreSQL. */
export const inMemorySessionStore = (now: () => Date = () => new Date()): SessionStore => {
  const sessions = new Map<string, RefreshRecord["session"]>();
  const tokens = new Map<string, Token>();

  const revoke = (session: RefreshRecord["session"]) => sessions.set(session.sid, { ...session, revokedAt: session.revokedAt ?? now() });

  const recordOf = (token: Token | undefined): RefreshRecord | undefined => {
    const session = token && sessions.get(token.sid);
    return token && session && { session, expiresAt: token.expiresAt, spent: token.spent };
  };

  return {
    async open(session, { hash, expiresAt }) {
      if (sessions.has(session.sid)) return;
      sessions.set(session.sid, { ...session, revokedAt: null });
      tokens.set(hash, { sid: session.sid, expiresAt, spent: null });
    },
    async refresh(hash, judge, successor) {
      const token = tokens.get(hash);
      const record = recordOf(token);
      const judged = judge(record);
      if (!token || !record) return judged;
      if (judged.outcome === "reuse") revoke(record.session);
      if (judged.outcome === "rotate") {
        tokens.set(hash, { ...token, spent: { at: successor.issuedAt, salt: successor.salt } });
        tokens.set(successor.hash, { sid: token.sid, expiresAt: successor.expiresAt, spent: null });
      }
      return judged;
    },
    async sessionOf(hash) {
      const record = recordOf(tokens.get(hash));
      if (!record) return undefined;
      const { revokedAt: _, ...session } = record.session;
      return session;
    },
    async revoke(session) {
      revoke(sessions.get(session.sid) ?? { ...session, revokedAt: null });
    },
    async revokedWithin(ms) {
      const since = now().getTime() - ms;
      return [...sessions.values()].filter(({ revokedAt }) => revokedAt && revokedAt.getTime() > since).map(({ sid }) => sid);
    },
    async sweep(at, limit) {
      const swept = [...tokens].filter(([, token]) => token.expiresAt <= at).slice(0, limit);
      for (const [hash] of swept) tokens.delete(hash);
      const alive = new Set(tokens.values().map(({ sid }) => sid));
      for (const [, { sid }] of swept) if (!alive.has(sid)) sessions.delete(sid);
      return swept.length;
    },
  };
};
