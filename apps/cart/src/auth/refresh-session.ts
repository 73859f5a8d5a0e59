import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Answer } from "../carts/answer.ts";
import type { AccountStore } from "./account-store.ts";
import type { GuestTickets } from "./guest-tickets.ts";
import { judgeRefresh } from "./judge-refresh.ts";
import { hashRefreshToken, newSalt, successorOf } from "./refresh-token.ts";
import type { Revocations } from "./revocations.ts";
import type { Refresh, Session, SessionStore } from "./session-store.ts";
import { refreshTokenExpiry, type SessionTokensDeps, type Tokens, tokensOf } from "./session-tokens.ts";

export type RefreshSessionDeps = SessionTokensDeps & {
  accounts: Pick<AccountStore, "bySubject">;
  sessions: SessionStore;
  tickets: GuestTickets;
  revocations: Pick<Revocations, "add">;
};

export type RefreshSession = (request: { refreshToken: string }) => Promise<Answer<Tokens>>;

/** Exchanges a refresh token for its successor and a new access token. */
export const refreshSession =
  (deps: RefreshSessionDeps): RefreshSession =>
  async ({ refreshToken }) => {
    await bringInGuest(deps, refreshToken);
    const { judged, successor } = await exchange(deps, refreshToken);
    if (judged.outcome === "ended") return invalid(looksIssued(refreshToken) ? judged.reason : "malformed");
    if (judged.outcome === "reuse") {
      deps.revocations.add(judged.session.sid);
      return invalid("reused");
    }
    const scopes = await scopesNow(deps, judged.session);
    if (!scopes) return invalid("revoked");
    return { ok: true, value: await tokensOf(deps, { session: judged.session, scopes, refreshToken: successor }) };
  };

/** Ends the session that a refresh token belongs to; a token that belongs to none is no matter. */
export const endSession =
  (deps: RefreshSessionDeps) =>
  async ({ refreshToken }: { refreshToken: string }): Promise<void> => {
    await bringInGuest(deps, refreshToken);
    const session = await deps.sessions.sessionOf(await hashRefreshToken(refreshToken));
    if (!session) return;
    await deps.sessions.revoke(session);
    deps.revocations.add(session.sid);
  };

const invalid = (reason: RefusalOf<"TokenInvalid">["reason"]) => ({
  ok: false as const,
  refusal: { code: "TokenInvalid" as const, token: "refresh" as const, reason },
});

/** A refresh token or a guest's ticket. */
const looksIssued = (text: string) => /^[\w-]{43}$|^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

/** A guest's ticket becomes a session in the database when it first comes back. */
const bringInGuest = async ({ tickets, sessions, now }: RefreshSessionDeps, refreshToken: string) => {
  const ticket = await tickets.read(refreshToken, now());
  if (ticket) await sessions.open(ticket.session, { hash: await hashRefreshToken(refreshToken), expiresAt: ticket.expiresAt });
};

const exchange = async (deps: RefreshSessionDeps, refreshToken: string): Promise<{ judged: Refresh; successor: string }> => {
  const { sessions, now, limits } = deps;
  const [salt, issuedAt] = [newSalt(), now()];
  const successor = await successorOf(refreshToken, salt);
  const judged = await sessions.refresh(await hashRefreshToken(refreshToken), judgeRefresh({ now: issuedAt, graceMs: limits.graceMs }), {
    hash: await hashRefreshToken(successor),
    salt,
    issuedAt,
    expiresAt: refreshTokenExpiry(deps),
  });
  return { judged, successor: judged.outcome === "repeat" ? await successorOf(refreshToken, judged.salt) : successor };
};

/** Read anew each time, so that what was taken from an account is gone with its next token. */
const scopesNow = async ({ accounts }: RefreshSessionDeps, { subject, kind }: Session): Promise<readonly string[] | undefined> => {
  if (kind === "guest") return [];
  const account = await accounts.bySubject(subject);
  return account && !account.disabledAt ? account.scopes : undefined;
};
