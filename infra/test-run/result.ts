import type { Counts } from "./counts.ts";

/** What one test file, or one check, came to. */
export type Result = {
  name: string;
  passed: number;
  failed: readonly string[];
  skipped: readonly string[];
  /** What the run printed. */
  output: string;
  durationMs: number;
};

export type RunEnvironment = {
  root: string;
  /** A directory for reports and output, which the caller removes. */
  scratch: string;
  interrupted: AbortSignal;
  /** Variables that every test process gets beside those of this process. */
  env?: Record<string, string>;
  onResult: (result: Result) => void;
};

export const countsOf = ({ passed, failed, skipped }: Result): Counts => ({ passed, failed: failed.length, skipped: skipped.length });
