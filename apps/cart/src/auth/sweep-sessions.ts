import type { SessionStore } from "./session-store.ts";

export type SweepSessionsOptions = {
  sessions: Pick<SessionStore, "sweep">;
  now: () => Date;
  everyMs?: number;
  onError?: (error: unknown) => void;
};

/** Deletes what has expired, little by little. Every process may do it; none needs to. */
export const sweepSessions = ({ sessions, now, everyMs = 600_000, onError = () => {} }: SweepSessionsOptions) => {
  let sweeping: Promise<void> = Promise.resolve();
  const sweep = async () => {
    while ((await sessions.sweep(now(), portion)) > 0);
  };
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep).catch(onError);
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
};

const portion = 1_000;
