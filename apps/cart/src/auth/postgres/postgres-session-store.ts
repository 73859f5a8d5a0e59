import { unreachable } from "@cartwright/decider/unreachable";
import type postgres from "postgres";
import type { Refresh, RefreshRecord, Session, SessionStore, Successor } from "../session-store.ts";

type TokenRow = {
  sid: string;
  subject: string;
  kind: Session["kind"];
  sessionExpiresAt: Date;
  revokedAt: Date | null;
  expiresAt: Date;
  spentAt: Date | null;
  salt: string | null;
};

/** The tables `session` and `refresh_token` of `schema`. Revocations carry the database's time, so that replicas agree on it. */
export const postgresSessionStore = (sql: postgres.Sql, schema: string): SessionStore => {
  const session = sql(`${schema}.session`);
  const refreshToken = sql(`${schema}.refresh_token`);
  const columns = sql`
    s.sid, s.subject, s.kind, s.expires_at as "sessionExpiresAt", s.revoked_at as "revokedAt",
    t.expires_at as "expiresAt", t.spent_at as "spentAt", t.successor_salt as salt`;

  const keep = async (tx: postgres.TransactionSql, judged: Refresh, { hash, successor }: { hash: string; successor: Successor }) => {
    switch (judged.outcome) {
      case "rotate":
        await tx`update ${refreshToken} set spent_at = ${successor.issuedAt}, successor_salt = ${successor.salt} where hash = ${hash}`;
        await tx`
          insert into ${refreshToken} (hash, sid, expires_at)
          values (${successor.hash}, ${judged.session.sid}, ${successor.expiresAt})`;
        return;
      case "reuse":
        await tx`update ${session} set revoked_at = coalesce(revoked_at, clock_timestamp()) where sid = ${judged.session.sid}`;
        return;
      case "repeat":
      case "ended":
        return;
      default:
        return unreachable(judged);
    }
  };

  return {
    async open({ sid, subject, kind, expiresAt }, token) {
      await sql`
        with opened as (
          insert into ${session} (sid, subject, kind, expires_at) values (${sid}, ${subject}, ${kind}, ${expiresAt})
          on conflict do nothing returning sid
        )
        insert into ${refreshToken} (hash, sid, expires_at)
        select ${token.hash}, sid, ${token.expiresAt}::timestamptz from opened`;
    },
    async refresh(hash, judge, successor) {
      return await sql.begin(async (tx) => {
        const [row] = await tx<TokenRow[]>`
          select ${columns} from ${refreshToken} t join ${session} s using (sid) where t.hash = ${hash} for update of t`;
        const judged = judge(row && recordOf(row));
        await keep(tx, judged, { hash, successor });
        return judged;
      });
    },
    async sessionOf(hash) {
      const [row] = await sql<TokenRow[]>`select ${columns} from ${refreshToken} t join ${session} s using (sid) where t.hash = ${hash}`;
      return row && sessionOf(row);
    },
    async revoke({ sid, subject, kind, expiresAt }) {
      await sql`
        insert into ${session} as s (sid, subject, kind, expires_at, revoked_at)
        values (${sid}, ${subject}, ${kind}, ${expiresAt}, clock_timestamp())
        on conflict (sid) do update set revoked_at = coalesce(s.revoked_at, excluded.revoked_at)`;
    },
    async revokedWithin(ms) {
      const revoked = await sql<{ sid: string }[]>`
        select sid from ${session} where revoked_at > now() - ${ms / 1000}::float8 * interval '1 second'`;
      return revoked.map(({ sid }) => sid);
    },
    async sweep(now, limit) {
      const swept = await sql<{ sid: string }[]>`
        delete from ${refreshToken} where hash in (select hash from ${refreshToken} where expires_at <= ${now} limit ${limit}) returning sid`;
      // A session opens with its first token, and each token with the one before it: without any it can't go on.
      await sql`
        delete from ${session} s
        where sid = any(${swept.map(({ sid }) => sid)}) and not exists (select from ${refreshToken} t where t.sid = s.sid)`;
      return swept.length;
    },
  };
};

const sessionOf = (row: TokenRow): Session => ({ sid: row.sid, subject: row.subject, kind: row.kind, expiresAt: row.sessionExpiresAt });

const recordOf = (row: TokenRow): RefreshRecord => ({
  session: { ...sessionOf(row), revokedAt: row.revokedAt },
  expiresAt: row.expiresAt,
  spent: row.spentAt && row.salt !== null ? { at: row.spentAt, salt: row.salt } : null,
});
