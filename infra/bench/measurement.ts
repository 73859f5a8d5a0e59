export type Measurement = {
  /** How many ended well within the time measured. */
  operations: number;
  seconds: number;
  latencyMs: { p50: number; p99: number; max: number };
  errors: number;
  firstError?: string;
  /** What else was found, in a few words. */
  remark?: string;
};

export type MeasuredTime = { warmUpMs: number; durationMs: number };

export type Recorder = {
  /** An operation that began and ended at these times of `performance.now()`. What ends while it warms up does not count. */
  succeeded: (startedAt: number, endedAt: number) => void;
  /** Counts at any time: a system that fails while it warms up fails. */
  failed: (reason: string) => void;
  isOver: () => boolean;
  measurement: () => Measurement;
};

export const startRecorder = ({ warmUpMs, durationMs }: MeasuredTime): Recorder => {
  const from = performance.now() + warmUpMs;
  const to = from + durationMs;
  const latencies: number[] = [];
  const errors: string[] = [];
  return {
    succeeded: (startedAt, endedAt) => {
      if (endedAt >= from && endedAt < to) latencies.push(endedAt - startedAt);
    },
    failed: (reason) => errors.push(reason),
    isOver: () => performance.now() >= to,
    measurement: () => {
      const sorted = Float64Array.from(latencies).sort();
      return {
        operations: sorted.length,
        seconds: durationMs / 1000,
        latencyMs: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) },
        errors: errors.length,
        ...(errors[0] === undefined ? {} : { firstError: errors[0] }),
      };
    },
  };
};

/** The smallest value that at least this part of all does not exceed; 0 of none. */
export const percentile = (sorted: Float64Array, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ?? 0;
