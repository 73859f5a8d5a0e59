import { describe, expect, test } from "vitest";
import { judgeRefresh } from "./judge-refresh.ts";
import type { Session, SessionStore, Successor } from "./session-store.ts";

/** What every session store promises. `open` makes an empty one. */
export const sessionStoreConformance = (name: string, open: () => Promise<AsyncDisposable & { store: SessionStore }>) => {
  describe(`a session store: ${name}`, () => {
    test("exchanges a refresh token once and remembers to what", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      expect(await store.refresh("first", judge(at(0)), successor("second", at(0)))).toEqual({ outcome: "rotate", session: ada });
      expect(await store.refresh("first", judge(at(1)), successor("unused", at(1)))).toEqual({
        outcome: "repeat",
        session: ada,
        salt: "salt of second",
      });
      expect(await store.refresh("second", judge(at(60)), successor("third", at(60)))).toMatchObject({ outcome: "rotate" });
      expect(await store.refresh("unused", judge(at(60)), successor("fourth", at(60)))).toEqual({ outcome: "ended", reason: "expired" });
    });

    test("lets one of many exchanges at once win", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.refresh("first", judge(at(0)), successor(`successor ${index}`, at(0)))),
      );
      expect(outcomes.filter(({ outcome }) => outcome === "rotate")).toHaveLength(1);
      const salts = outcomes.flatMap((judged) => (judged.outcome === "repeat" ? [judged.salt] : []));
      expect(salts).toHaveLength(7);
      expect(new Set(salts).size).toBe(1);
    });

    test("ends the session for good when a spent token comes back late", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      await store.refresh("first", judge(at(0)), successor("second", at(0)));
      expect(await store.refresh("first", judge(at(3600)), successor("x", at(3600)))).toEqual({ outcome: "reuse", session: ada });
      expect(await store.refresh("second", judge(at(3600)), successor("y", at(3600)))).toEqual({ outcome: "ended", reason: "revoked" });
      expect(await store.revokedWithin(60_000)).toEqual([ada.sid]);
    });

    test("knows the session of a token, spent or not", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      await store.refresh("first", judge(at(0)), successor("second", at(0)));
      expect(await store.sessionOf("first")).toEqual(ada);
      expect(await store.sessionOf("second")).toEqual(ada);
      expect(await store.sessionOf("third")).toBeUndefined();
    });

    test("leaves a session that is there as it is", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      await store.refresh("first", judge(at(0)), successor("second", at(0)));
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      await store.open(ada, { hash: "another", expiresAt: inDays(30) });
      expect(await store.refresh("first", judge(at(1)), successor("x", at(1)))).toMatchObject({ outcome: "repeat" });
      expect(await store.sessionOf("another")).toBeUndefined();
    });

    test("revokes a session that it never heard of, and revokes once", async () => {
      await using opened = await open();
      const { store } = opened;
      await store.revoke(ada);
      await store.revoke(ada);
      await store.open(ada, { hash: "first", expiresAt: inDays(30) });
      expect(await store.refresh("first", judge(at(0)), successor("x", at(0)))).toEqual({ outcome: "ended", reason: "expired" });
      expect(await store.revokedWithin(60_000)).toEqual([ada.sid]);
      expect(await store.revokedWithin(0)).toEqual([]);
    });

    test("sweeps tokens that have expired, and sessions that have no other", async () => {
      await using opened = await open();
      const { store } = opened;
      const grace = { ...ada, sid: "00000000-0000-4000-8000-00000000000b" };
      await store.open(ada, { hash: "spent", expiresAt: inDays(5) });
      await store.refresh("spent", judge(at(0)), successor("kept", at(0)));
      await store.open(grace, { hash: "swept", expiresAt: inDays(5) });
      await store.revoke(grace);
      expect(await store.sweep(at(0), 100)).toBe(0);
      expect(await store.sweep(inDays(6), 1)).toBe(1);
      expect(await store.sweep(inDays(6), 100)).toBe(1);
      expect(await store.sessionOf("spent")).toBeUndefined();
      expect(await store.sessionOf("swept")).toBeUndefined();
      expect(await store.sessionOf("kept")).toEqual(ada);
      expect(await store.revokedWithin(60_000)).toEqual([]);
    });
  });
};

const began = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(began + seconds * 1000);
const inDays = (days: number) => at(days * 86_400);
const judge = (now: Date) => judgeRefresh({ now, graceMs: 10_000 });
const successor = (hash: string, issuedAt: Date): Successor => ({ hash, salt: `salt of ${hash}`, issuedAt, expiresAt: inDays(60) });
const ada: Session = { sid: "00000000-0000-4000-8000-00000000000a", subject: "user-ada", kind: "user", expiresAt: inDays(90) };
