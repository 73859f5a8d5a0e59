import { type AccessClaims, generateSigningKey } from "@cartwright/service-kit/token-issuer";
import { describe, expect, test } from "vitest";
import { Email, type NewAccount } from "./account-store.ts";
import { auth } from "./auth.ts";
import { guestTickets } from "./guest-tickets.ts";
import { inMemoryAccountStore } from "./in-memory-account-store.ts";
import { inMemorySessionStore } from "./in-memory-session-store.ts";
import type { Passwords } from "./passwords.ts";
import { serviceSecrets } from "./service-secrets.ts";
import { signInThrottle } from "./sign-in-throttle.ts";

const key = await generateSigningKey();
const ada = { email: Email.parse("ada@example.com"), password: "correct horse" };
const seconds = 1_000;
const days = 86_400 * seconds;

const start = async (account: Partial<NewAccount> = {}) => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const now = () => new Date(clock.now);
  const accounts = inMemoryAccountStore();
  await accounts.add({ ...ada, subject: "user-ada", passwordHash: "hash of correct horse", scopes: [], disabledAt: null, ...account });
  const verified: string[] = [];
  const passwords: Passwords = {
    hash: async (password) => `hash of ${password}`,
    verify: async (password, hash) => {
      verified.push(hash);
      return hash === `hash of ${password}`;
    },
  };
  const issued: AccessClaims[] = [];
  const revoked: string[] = [];
  const port = auth({
    accounts,
    sessions: inMemorySessionStore(now),
    passwords,
    throttle: signInThrottle(),
    revocations: { add: (sid) => revoked.push(sid) },
    isServiceSecret: serviceSecrets({ billing: "of billing" }),
    tickets: await guestTickets({ keys: [key], issuer: "https://cart.test" }),
    issuer: {
      issue: async (claims) => {
        issued.push(claims);
        return { token: `token ${issued.length}`, tokenId: `${issued.length}`, expiresAt: new Date(clock.now + 600 * seconds) };
      },
    },
    now,
  });
  const pass = (ms: number) => {
    clock.now += ms;
  };
  return { ...port, accounts, pass, issued, revoked, verified };
};

const tokensIn = <Value>(result: { ok: true; value: Value } | { ok: false; refusal: object }): Value => {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
};
const invalid = (reason: string) => ({ ok: false, refusal: { code: "TokenInvalid", token: "refresh", reason } });

describe("a guest", () => {
  test("is somebody new each time, for ten minutes", async () => {
    const cart = await start();
    const [one, other] = [await cart.guest(), await cart.guest()];
    expect(one.subject).toMatch(/^guest-[0-9a-f-]{36}$/);
    expect(other.subject).not.toBe(one.subject);
    expect(one.expiresAt).toEqual(new Date("2026-01-01T00:10:00Z"));
    expect(cart.issued[0]).toMatchObject({ subject: one.subject, kind: "guest", scopes: [] });
  });

  test("stays the same guest through refreshes", async () => {
    const cart = await start();
    const first = await cart.guest();
    const second = tokensIn(await cart.refresh(first));
    cart.pass(29 * days);
    const third = tokensIn(await cart.refresh(second));
    expect(third.subject).toBe(first.subject);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(new Set(cart.issued.map(({ sessionId }) => sessionId)).size).toBe(1);
  });

  test("who is away for a month comes back as somebody else", async () => {
    const cart = await start();
    const first = await cart.guest();
    cart.pass(30 * days);
    expect(await cart.refresh(first)).toEqual(invalid("expired"));
  });

  test("in two tabs has one session, also at the first refresh", async () => {
    const cart = await start();
    const first = await cart.guest();
    const tabs = await Promise.all([cart.refresh(first), cart.refresh(first)]);
    expect(new Set(tabs.map((tab) => tokensIn(tab).refreshToken)).size).toBe(1);
    cart.pass(11 * seconds);
    expect(await cart.refresh(first)).toEqual(invalid("reused"));
    expect(await cart.refresh(tokensIn(tabs[0]))).toEqual(invalid("revoked"));
  });

  test("can sign out before the first refresh", async () => {
    const cart = await start();
    const first = await cart.guest();
    await cart.signOut(first);
    expect(await cart.refresh(first)).toEqual(invalid("revoked"));
    expect(cart.revoked).toEqual([cart.issued[0]?.sessionId]);
  });

  test("cannot write a ticket of one's own", async () => {
    const cart = await start();
    const { kid } = key;
    const forger = await guestTickets({ keys: [{ ...(await generateSigningKey()), kid }], issuer: "https://cart.test" });
    const session = { sid: crypto.randomUUID(), subject: "user-ada", kind: "guest" as const, expiresAt: new Date("2027-01-01") };
    const forged = await forger.issue(session, session.expiresAt);
    expect(await cart.refresh({ refreshToken: forged })).toEqual(invalid("expired"));
  });
});

describe("signing in", () => {
  test("gives the account's tokens and scopes", async () => {
    const cart = await start({ scopes: ["cart:support"] });
    expect(tokensIn(await cart.signIn(ada)).subject).toBe("user-ada");
    expect(cart.issued).toMatchObject([{ subject: "user-ada", kind: "user", scopes: ["cart:support"] }]);
  });

  test("says the same of an unknown e-mail and a wrong password, after the same work", async () => {
    const cart = await start();
    const wrong = await cart.signIn({ ...ada, password: "battery staple" });
    const unknown = await cart.signIn({ ...ada, email: Email.parse("grace@example.com") });
    expect(wrong).toEqual({ ok: false, refusal: { code: "InvalidCredentials" } });
    expect(unknown).toEqual(wrong);
    expect(cart.verified).toHaveLength(2);
    expect(cart.verified[1]).toMatch(/^hash of [0-9a-f-]{36}$/);
  });

  test("is not possible with an account that was disabled", async () => {
    const cart = await start({ disabledAt: new Date() });
    expect(await cart.signIn(ada)).toEqual({ ok: false, refusal: { code: "InvalidCredentials" } });
  });

  test("is slowed down after a few mistakes, also when they come all at once", async () => {
    const cart = await start();
    const guesses = await Promise.all(Array.from({ length: 20 }, (_, index) => cart.signIn({ ...ada, password: `guess ${index}` })));
    expect(cart.verified).toHaveLength(5);
    expect(guesses.at(-1)).toEqual({ ok: false, refusal: { code: "TooManyAttempts", retryAfterMs: 1_000 } });
    expect(await cart.signIn(ada)).toMatchObject({ ok: false });
    cart.pass(seconds);
    expect(await cart.signIn(ada)).toMatchObject({ ok: true });
  });

  test.each([" Ada@Example.COM ", "ada@example.com"])("knows %j as the same address", (text) => {
    expect(Email.parse(text)).toBe(ada.email);
  });
});

describe("a refresh token", () => {
  test("is good for one refresh, and its late return ends the session", async () => {
    const cart = await start();
    const first = tokensIn(await cart.signIn(ada));
    const second = tokensIn(await cart.refresh(first));
    cart.pass(11 * seconds);
    expect(await cart.refresh(first)).toEqual(invalid("reused"));
    expect(await cart.refresh(second)).toEqual(invalid("revoked"));
    expect(cart.revoked).toEqual([cart.issued[0]?.sessionId]);
    expect(await cart.signIn(ada)).toMatchObject({ ok: true });
  });

  test("presented by two tabs at once gives both the same successor and logs nobody out", async () => {
    const cart = await start();
    const first = tokensIn(await cart.signIn(ada));
    const tabs = await Promise.all(Array.from({ length: 5 }, () => cart.refresh(first)));
    cart.pass(9 * seconds);
    const late = await cart.refresh(first);
    const successors = new Set([...tabs, late].map((tab) => tokensIn(tab).refreshToken));
    expect(successors.size).toBe(1);
    cart.pass(600 * seconds);
    expect(await cart.refresh(tokensIn(late))).toMatchObject({ ok: true });
  });

  test("that nobody issued ends nobody's session", async () => {
    const cart = await start();
    const first = tokensIn(await cart.signIn(ada));
    expect(await cart.refresh({ refreshToken: "made up" })).toEqual(invalid("malformed"));
    await cart.signOut({ refreshToken: "made up" });
    expect(cart.revoked).toEqual([]);
    expect(await cart.refresh(first)).toMatchObject({ ok: true });
  });

  test("is worth nothing after signing out, on no tab", async () => {
    const cart = await start();
    const first = tokensIn(await cart.signIn(ada));
    const second = tokensIn(await cart.refresh(first));
    await cart.signOut(first);
    await cart.signOut(first);
    expect(await cart.refresh(second)).toEqual(invalid("revoked"));
    expect(cart.revoked).toContain(cart.issued[0]?.sessionId);
  });

  test("gives nothing more to an account that has been disabled", async () => {
    const cart = await start();
    const first = tokensIn(await cart.signIn(ada));
    cart.accounts.bySubject = async () => ({ ...ada, subject: "user-ada", passwordHash: "", scopes: [], disabledAt: new Date() });
    expect(await cart.refresh(first)).toEqual(invalid("revoked"));
  });

  test("does not outlive its session, however much it is used", async () => {
    const cart = await start();
    let tokens = tokensIn(await cart.signIn(ada));
    for (let day = 29; day < 365; day += 29) {
      cart.pass(29 * days);
      tokens = tokensIn(await cart.refresh(tokens));
    }
    cart.pass(29 * days);
    expect(await cart.refresh(tokens)).toEqual(invalid("expired"));
  });
});

describe("a service", () => {
  test("gets a token of its own scope by its own secret, by which it may read logs", async () => {
    const cart = await start();
    expect(await cart.serviceToken({ service: "billing", secret: "of billing" })).toMatchObject({
      ok: true,
      value: { subject: "service-billing" },
    });
    expect(cart.issued).toEqual([{ subject: "service-billing", kind: "service", scopes: ["service:billing", "log:read"] }]);
    const refused = { ok: false, refusal: { code: "InvalidCredentials" } };
    expect(await cart.serviceToken({ service: "billing", secret: "guess" })).toEqual(refused);
    expect(await cart.serviceToken({ service: "fraud", secret: "of billing" })).toEqual(refused);
  });
});
