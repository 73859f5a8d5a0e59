import { logScope } from "@cartwright/service-kit/log-procedures";
import type { Answer } from "../carts/answer.ts";
import { openScope } from "../privacy/open-values.ts";
import type { GuestTickets } from "./guest-tickets.ts";
import { endSession, type RefreshSession, type RefreshSessionDeps, refreshSession } from "./refresh-session.ts";
import type { serviceSecrets } from "./service-secrets.ts";
import { newSession, refreshTokenExpiry, type SessionLimits, type Tokens, tokensOf } from "./session-tokens.ts";
import { type SignIn, type SignInDeps, signIn } from "./sign-in.ts";

export type Auth = {
  /** A new guest. Writes nothing. */
  guest(): Promise<Tokens>;
  /** Answers the same for an unknown e-mail and a wrong password, and takes as long. */
  signIn: SignIn;
  /** Exchanges a refresh token for its successor; one that comes back late ends its session. */
  refresh: RefreshSession;
  /** Ends the session that the refresh token belongs to; says nothing about one that belongs to none. */
  signOut(request: { refreshToken: string }): Promise<void>;
  /** For a service that proves itself by its secret from configuration. There is no refresh: it asks again. */
  serviceToken(request: { service: string; secret: string }): Promise<Answer<Omit<Tokens, "refreshToken">>>;
};

export type AuthDeps = Omit<SignInDeps & RefreshSessionDeps, "limits"> & {
  tickets: GuestTickets;
  isServiceSecret: ReturnType<typeof serviceSecrets>;
  limits?: Partial<SessionLimits>;
};

export const auth = (options: AuthDeps): Auth => {
  const deps = { ...options, limits: { ...defaultLimits, ...options.limits } };

  return {
    async guest() {
      const session = newSession(deps, { subject: `guest-${crypto.randomUUID()}`, kind: "guest" });
      return tokensOf(deps, { session, scopes: [], refreshToken: await deps.tickets.issue(session, refreshTokenExpiry(deps)) });
    },
    signIn: signIn(deps),
    refresh: refreshSession(deps),
    signOut: endSession(deps),
    async serviceToken({ service, secret }) {
      if (!(await deps.isServiceSecret(service, secret))) return { ok: false, refusal: { code: "InvalidCredentials" } };
      const subject = `service-${service}`;
      const { token, expiresAt } = await deps.issuer.issue({
        subject,
        kind: "service",
        scopes: [`service:${service}`, logScope, ...(opening.has(service) ? [openScope] : [])],
      });
      return { ok: true, value: { token, subject, expiresAt } };
    },
  };
};

/** Services that reach persons, or tell them apart. */
const opening: ReadonlySet<string> = new Set(["notification", "fraud"]);

const days = 86_400_000;
const defaultLimits: SessionLimits = { refreshTokenMs: 30 * days, sessionMs: 365 * days, graceMs: 10_000 };
