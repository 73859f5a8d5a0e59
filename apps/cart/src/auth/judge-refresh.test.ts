import { expect, test } from "vitest";
import { judgeRefresh } from "./judge-refresh.ts";
import type { RefreshRecord } from "./session-store.ts";

const now = new Date("2026-01-01T00:00:00Z");
const after = (ms: number) => new Date(now.getTime() + ms);
const session = { sid: "s", subject: "user-ada", kind: "user" as const, expiresAt: after(1_000) };
const fresh: RefreshRecord = { session: { ...session, revokedAt: null }, expiresAt: after(1_000), spent: null };
const spentAgo = (ms: number): RefreshRecord => ({ ...fresh, spent: { at: after(-ms), salt: "salt" } });
const judge = judgeRefresh({ now, graceMs: 10_000 });

test.each<[string, RefreshRecord | undefined, object]>([
  ["a token that is its session's newest is exchanged", fresh, { outcome: "rotate", session }],
  ["a token that is not known is taken for one that has expired", undefined, { outcome: "ended", reason: "expired" }],
  [
    "a token of a session that has ended ends there",
    { ...fresh, session: { ...fresh.session, revokedAt: after(-1) } },
    { outcome: "ended", reason: "revoked" },
  ],
  ["a token that has expired ends there", { ...fresh, expiresAt: now }, { outcome: "ended", reason: "expired" }],
  [
    "a token of a session that has expired ends there",
    { ...fresh, session: { ...fresh.session, expiresAt: now } },
    { outcome: "ended", reason: "expired" },
  ],
  ["a token that another tab has just exchanged gives the same successor", spentAgo(0), { outcome: "repeat", session, salt: "salt" }],
  ["ten seconds later it still does", spentAgo(10_000), { outcome: "repeat", session, salt: "salt" }],
  ["after that the token is taken for stolen", spentAgo(10_001), { outcome: "reuse", session }],
])("%s", (_, record, expected) => {
  expect(judge(record)).toEqual(expected as ReturnType<typeof judge>);
});
