/** One log-in (or one guest's visit) on one device: a family of refresh tokens, each good for one refresh. */
export type Session = {
  sid: string;
  subject: string;
  kind: "guest" | "user";
  /** No refresh token of the family outlives it. */
  expiresAt: Date;
};

export type RefreshRecord = {
  session: Session & { revokedAt: Date | null };
  expiresAt: Date;
  /** When the token was exchanged, and the salt that gives its successor to whoever still holds it. */
  spent: { at: Date; salt: string } | null;
};

/** What becomes of a presented refresh token. */
export type Refresh =
  | { outcome: "rotate"; session: Session }
  | { outcome: "repeat"; session: Session; salt: string }
  | { outcome: "reuse"; session: Session }
  | { outcome: "ended"; reason: "expired" | "revoked" };

export type Successor = { hash: string; salt: string; issuedAt: Date; expiresAt: Date };

/** Holds no token, only hashes. */
export type SessionStore = {
  /** Opens a session with its first refresh token; a session or a token that is there already stays as it is. */
  open(session: Session, token: { hash: string; expiresAt: Date }): Promise<void>;
  /**
   * Reads the token, asks `judge` and keeps what it answers, alone on this token: of two calls at once the second one
   * sees what the first one did. `rotate` spends the token and adds the successor; `reuse` revokes the session.
   */
  refresh(hash: string, judge: (record: RefreshRecord | undefined) => Refresh, successor: Successor): Promise<Refresh>;
  /** The session that a token belongs to, spent or not. */
  sessionOf(hash: string): Promise<Session | undefined>;
  /** Ends the session, also one that was never opened here. The first end counts. */
  revoke(session: Session): Promise<void>;
  /** The ids of the sessions that were revoked in the last `ms` milliseconds by the store's own clock. */
  revokedWithin(ms: number): Promise<readonly string[]>;
  /** Deletes at most `limit` tokens that have expired, and the sessions that have no other. Says how many tokens. */
  sweep(now: Date, limit: number): Promise<number>;
};
