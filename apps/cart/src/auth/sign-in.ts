import type { RefusalOf } from "@cartwright/contracts/refusals";
import type { Answer } from "../carts/answer.ts";
import type { AccountStore, Email } from "./account-store.ts";
import type { Passwords } from "./passwords.ts";
import { hashRefreshToken, newRefreshToken } from "./refresh-token.ts";
import type { SessionStore } from "./session-store.ts";
import { newSession, refreshTokenExpiry, type SessionTokensDeps, type Tokens, tokensOf } from "./session-tokens.ts";
import type { SignInThrottle } from "./sign-in-throttle.ts";

export type SignInDeps = SessionTokensDeps & {
  accounts: Pick<AccountStore, "byEmail">;
  sessions: Pick<SessionStore, "open">;
  passwords: Passwords;
  throttle: SignInThrottle;
};

export type SignIn = (credentials: { email: Email; password: string }) => Promise<Answer<Tokens>>;

export const signIn = (deps: SignInDeps): SignIn => {
  const { accounts, sessions, passwords, throttle, now } = deps;
  const hashOfNobody = decoyHash(passwords);

  return async ({ email, password }) => {
    const waitMs = throttle.attempt(email, now());
    if (waitMs > 0) return no({ code: "TooManyAttempts", retryAfterMs: Math.ceil(waitMs) });

    const [account, decoy] = await Promise.all([accounts.byEmail(email), hashOfNobody()]);
    const matches = await passwords.verify(password, account?.passwordHash ?? decoy);
    if (!account || !matches || account.disabledAt) return no({ code: "InvalidCredentials" });

    throttle.succeeded(email);
    const session = newSession(deps, { subject: account.subject, kind: "user" });
    const refreshToken = newRefreshToken();
    await sessions.open(session, { hash: await hashRefreshToken(refreshToken), expiresAt: refreshTokenExpiry(deps) });
    return { ok: true, value: await tokensOf(deps, { session, scopes: account.scopes, refreshToken }) };
  };
};

const no = (refusal: RefusalOf<"InvalidCredentials" | "TooManyAttempts">) => ({ ok: false as const, refusal });

/** What an unknown e-mail's password is checked against, so that it takes as long as a known one's. Made once. */
const decoyHash = (passwords: Passwords) => {
  let hash: Promise<string> | undefined;
  return () => {
    hash ??= passwords.hash(crypto.randomUUID()).catch((error) => {
      hash = undefined;
      throw error;
    });
    return hash;
  };
};
