import { expect, test } from "vitest";
import { inMemorySessionStore } from "./in-memory-session-store.ts";
import { revocations } from "./revocations.ts";
import type { Session } from "./session-store.ts";

const session = (sid: string): Session => ({ sid, subject: "user-ada", kind: "user", expiresAt: new Date("2030-01-01") });
const accessTokenMs = 600_000;

test("a session that another process ended is known here after a look", async () => {
  const sessions = inMemorySessionStore();
  const revoked = await revocations({ sessions, accessTokenMs, pollMs: 60_000 });
  await sessions.revoke(session("elsewhere"));
  expect(revoked.isRevoked("elsewhere")).toBe(false);
  await revoked.poll();
  expect(revoked.isRevoked("elsewhere")).toBe(true);
  expect(revoked.isRevoked("another")).toBe(false);
  await revoked.stop();
});

test("a session that ended here is known at once", async () => {
  const revoked = await revocations({ sessions: inMemorySessionStore(), accessTokenMs });
  revoked.add("here");
  expect(revoked.isRevoked("here")).toBe(true);
  await revoked.stop();
});

test("a restart gives no ended session its life back", async () => {
  const sessions = inMemorySessionStore();
  await sessions.revoke(session("before"));
  const revoked = await revocations({ sessions, accessTokenMs });
  expect(revoked.isRevoked("before")).toBe(true);
  await revoked.stop();
});

test("what ended before the oldest access token was made is not read", async () => {
  let now = Date.now();
  const sessions = inMemorySessionStore(() => new Date(now));
  await sessions.revoke(session("long ago"));
  now += accessTokenMs + 60_000;
  const revoked = await revocations({ sessions, accessTokenMs });
  expect(revoked.isRevoked("long ago")).toBe(false);
  await revoked.stop();
});

test("a look that fails is told and the next one reads what it missed", async () => {
  const sessions = inMemorySessionStore();
  let broken = false;
  const flaky = { revokedWithin: (ms: number) => (broken ? Promise.reject(new Error("away")) : sessions.revokedWithin(ms)) };
  const revoked = await revocations({ sessions: flaky, accessTokenMs, pollMs: 60_000 });
  broken = true;
  await sessions.revoke(session("meanwhile"));
  await expect(revoked.poll()).rejects.toThrow("away");
  broken = false;
  await revoked.poll();
  expect(revoked.isRevoked("meanwhile")).toBe(true);
  await revoked.stop();
});

test("memory is bounded: beyond it the oldest are forgotten", async () => {
  const revoked = await revocations({ sessions: inMemorySessionStore(), accessTokenMs, capacity: 2 });
  for (const sid of ["first", "second", "third"]) revoked.add(sid);
  expect(["first", "second", "third"].map((sid) => revoked.isRevoked(sid))).toEqual([false, true, true]);
  await revoked.stop();
});
