import type { HealthCheck } from "./health.ts";

/** Ready while the log answers and is the one that was opened: after a restore it has another epoch. */
export const logCheck = (log: { readonly epoch: string; heads(): Promise<{ readonly epoch: string }> }): HealthCheck => ({
  kind: "ready",
  check: async () =>
    (await log.heads()).epoch === log.epoch
      ? { ok: true }
      : { ok: false, detail: "the log was restored since it was opened: this process is to be started again" },
});

/** Ready once nothing is waited for any more. */
export const waitingCheck = ({ waitsFor }: { waitsFor(): string | null }): HealthCheck => ({
  kind: "ready",
  check() {
    const what = waitsFor();
    return what === null ? { ok: true } : { ok: false, detail: `waits for ${what}` };
  },
});
