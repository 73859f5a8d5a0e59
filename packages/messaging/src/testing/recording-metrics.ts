import type { Metrics } from "../observability.ts";

/** For tests: remembers every number, summed over all labels but the shard. */
export const recordingMetrics = () => {
  const counts = new Map<string, number>();
  const gauges = new Map<string, Map<string, number>>();
  const metrics: Metrics = {
    counter: ({ name }) => ({
      add: (_labels, by = 1) => {
        counts.set(name, (counts.get(name) ?? 0) + by);
      },
    }),
    gauge: ({ name }) => ({
      set: (labels, value) => {
        const values = gauges.get(name) ?? new Map<string, number>();
        gauges.set(name, values.set(JSON.stringify(labels), value));
      },
      remove: (labels) => void gauges.get(name)?.delete(JSON.stringify(labels)),
    }),
  };
  return {
    metrics,
    has: (name: string) => counts.has(name) || (gauges.get(name)?.size ?? 0) > 0,
    count: (name: string) => counts.get(name) ?? 0,
    gauge: (name: string) => [...(gauges.get(name)?.values() ?? [])].reduce((sum, value) => sum + value, 0),
  };
};
