/** What a process says of itself to whoever runs it. */
export type Health = {
  /** Adds a check; it may throw instead of answering. What is `live` asks to be started anew when it fails. */
  register(name: string, check: HealthCheck): void;
  /** From now on not ready, whatever the checks say: the process is about to stop, and no new work is to be sent to it. */
  drain(): void;
  /** Asks the checks; an answer is good for a second, so that whoever may ask cannot make it costly. */
  report(): Promise<HealthReport>;
};

export type HealthCheck = {
  readonly kind: "live" | "ready";
  readonly check: () => HealthAnswer | Promise<HealthAnswer>;
};

export type HealthAnswer = {
  readonly ok: boolean;
  /** For operators: it is shown on the admin listener alone. */
  readonly detail?: string;
};

export type HealthReport = {
  readonly live: boolean;
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: Readonly<Record<string, HealthAnswer & { readonly kind: HealthCheck["kind"]; readonly durationMs: number }>>;
};

export type HealthOptions = {
  /** After which a check has failed. */
  readonly timeoutMs?: number;
  readonly keepMs?: number;
  /** Milliseconds of any beginning. */
  readonly now?: () => number;
};

export const processHealth = ({ timeoutMs = 2_000, keepMs = 1_000, now = () => performance.now() }: HealthOptions = {}): Health => {
  const checks = new Map<string, HealthCheck>();
  let draining = false;
  let kept: { readonly at: number; readonly answers: Promise<Answers> } | undefined;

  const ask = async (): Promise<Answers> =>
    Object.fromEntries(
      await Promise.all(
        [...checks].map(async ([name, { kind, check }]) => {
          const startedAt = now();
          const answer = await answered(check, timeoutMs);
          return [name, { ...answer, kind, durationMs: Math.round(now() - startedAt) }] as const;
        }),
      ),
    );

  return {
    register(name, check) {
      checks.set(name, check);
      kept = undefined;
    },
    drain() {
      draining = true;
    },
    async report() {
      if (kept === undefined || now() - kept.at >= keepMs) kept = { at: now(), answers: ask() };
      const answers = await kept.answers;
      const failing = Object.values(answers).filter(({ ok }) => !ok);
      return { live: failing.every(({ kind }) => kind !== "live"), ready: !draining && failing.length === 0, draining, checks: answers };
    },
  };
};

type Answers = HealthReport["checks"];

const answered = async (check: HealthCheck["check"], timeoutMs: number): Promise<HealthAnswer> => {
  const timeout = Promise.withResolvers<HealthAnswer>();
  const timer = setTimeout(() => timeout.resolve({ ok: false, detail: `no answer within ${timeoutMs} ms` }), timeoutMs);
  try {
    return await Promise.race([check(), timeout.promise]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
};
