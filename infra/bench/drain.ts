import type { Metrics } from "@cartwright/messaging/observability";
import type { MeasuredTime, Measurement } from "./measurement.ts";
import { percentile } from "./measurement.ts";

/** How many events are prepared: for the time of the run at twice the rate that is asked for. */
export const backlogFor = ({ durationMs }: MeasuredTime): number => Math.ceil((durationMs / 1000) * 40_000);

const sample = 1_000;

/**
 * What is there is worked off as fast as it goes. Counts from the first event that is done to the last; the latencies are for
 * a thousand events one after another, as they were done.
 */
export const drainMeter = (total: number) => {
  const { promise: drained, resolve } = Promise.withResolvers<void>();
  const samples: number[] = [];
  let [done, firstAt, lastAt, sampledAt, sampledDone] = [0, 0, 0, 0, 0];

  let cpu = process.cpuUsage();

  const add = (events: number) => {
    const now = performance.now();
    if (done === 0) {
      [firstAt, sampledAt, sampledDone] = [now, now, events];
      cpu = process.cpuUsage();
    }
    done += events;
    // What comes at once, such as the shards of one flush, is one piece.
    if (done - sampledDone >= sample && now - sampledAt >= 1) {
      samples.push(((now - sampledAt) / (done - sampledDone)) * sample);
      [sampledAt, sampledDone] = [now, done];
    }
    lastAt = now;
    if (done < total) return;
    cpu = process.cpuUsage(cpu);
    resolve();
  };
  return {
    add,
    drained,
    measurement: (): Measurement => {
      const sorted = Float64Array.from(samples).sort();
      return {
        operations: done,
        seconds: (lastAt - firstAt) / 1000,
        latencyMs: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: percentile(sorted, 1) },
        errors: 0,
        remark: `${total.toLocaleString("en-US")} events, ${Math.round((cpu.user + cpu.system) / total)} µs of this process each; p50 and p99 are for 1,000`,
      };
    },
  };
};

/** Counts what a consumer says it has handled. */
export const handledMetrics = (add: (events: number) => void): Metrics => ({
  counter: ({ name }) => ({
    add: (_labels, by = 1) => {
      if (name === "consumer_handled_total") add(by);
    },
  }),
  gauge: () => ({ set() {}, remove() {} }),
});
