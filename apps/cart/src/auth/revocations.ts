import { LRUCache } from "lru-cache";
import type { SessionStore } from "./session-store.ts";

/** Which sessions have ended while their access tokens still look good. */
export type Revocations = {
  /** In memory: at once for a session that ended in this process, within a poll for one that ended in another. */
  isRevoked(sid: string): boolean;
  add(sid: string): void;
  /** Reads what other processes revoked. */
  poll(): Promise<void>;
  stop(): Promise<void>;
};

export type RevocationsOptions = {
  sessions: Pick<SessionStore, "revokedWithin">;
  /** How long an access token lives: older revocations need no memory. */
  accessTokenMs: number;
  pollMs?: number;
  /** How many are remembered; beyond it the oldest, whose tokens expire first, are forgotten. */
  capacity?: number;
  onError?: (error: unknown) => void;
};

/** Begins with what was revoked while this process was not there, so that a restart gives no ended session its life back. */
export const revocations = async (options: RevocationsOptions): Promise<Revocations> => {
  const { sessions, accessTokenMs, pollMs = 2_000, capacity = 100_000, onError = () => {} } = options;
  const revoked = new LRUCache<string, true>({ max: capacity, ttl: accessTokenMs + overlapMs, updateAgeOnGet: false });
  let seenUntil = performance.now() - accessTokenMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let polling: Promise<void> = Promise.resolve();
  let stopped = false;

  const add = (sid: string) => {
    if (!revoked.has(sid)) revoked.set(sid, true);
  };

  const poll = async () => {
    const startedAt = performance.now();
    for (const sid of await sessions.revokedWithin(startedAt - seenUntil + overlapMs)) add(sid);
    seenUntil = startedAt;
  };

  const pollOn = () => {
    if (stopped) return;
    timer = setTimeout(() => {
      polling = poll().catch(onError).finally(pollOn);
    }, pollMs);
  };

  await poll();
  pollOn();

  return {
    isRevoked: (sid) => revoked.has(sid),
    add,
    poll,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await polling;
    },
  };
};

/** A revocation is seen when it is committed, later than its own time says. */
const overlapMs = 30_000;
