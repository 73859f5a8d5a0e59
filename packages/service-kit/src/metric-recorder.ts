import type { Metrics } from "./metrics.ts";

/** Numbers by name alone, for packages that know no instruments. */
export type MetricRecorder = {
  count(name: string, labels: RecordedLabels, by: number): void;
  gauge(name: string, labels: RecordedLabels, value: number): void;
};

/** The same set of labels wherever a name is used. */
export type RecordedLabels = Readonly<Record<string, string | undefined>>;

/** Makes each instrument when its name is first used; `help` says what a name means. */
export const metricRecorder = (metrics: Metrics, help: (name: string) => string = (name) => name.replaceAll("_", " ")): MetricRecorder => {
  const counters = new Map<string, ReturnType<typeof metrics.counter<string>>>();
  const gauges = new Map<string, ReturnType<typeof metrics.gauge<string>>>();
  return {
    count(name, labels, by) {
      const counter = counters.get(name) ?? metrics.counter<string>({ name, help: help(name), labels: Object.keys(labels) });
      counters.set(name, counter);
      counter.add(given(labels), by);
    },
    gauge(name, labels, value) {
      const gauge = gauges.get(name) ?? metrics.gauge<string>({ name, help: help(name), labels: Object.keys(labels) });
      gauges.set(name, gauge);
      gauge.set(given(labels), value);
    },
  };
};

const given = (labels: RecordedLabels): Record<string, string> => {
  const present: Record<string, string> = {};
  for (const [label, value] of Object.entries(labels)) if (value !== undefined) present[label] = value;
  return present;
};
