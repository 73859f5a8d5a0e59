import client, { type Registry } from "prom-client";
import type { InstrumentOptions, Metrics } from "../metrics.ts";

export type ProcessMetrics = Metrics & {
  /** All of it in the text format of Prometheus. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
};

export type ProcessMetricsOptions = {
  /** Before every name, so that they stand together. */
  readonly prefix?: string;
  /** Memory, event loop, file descriptors and the like of the process. */
  readonly ofProcess?: boolean;
};

/** The metrics of one process, whatever number of services it holds. */
export const processMetrics = ({ prefix = "cartwright_", ofProcess = true }: ProcessMetricsOptions = {}): ProcessMetrics => {
  const registry = new client.Registry();
  if (ofProcess) client.collectDefaultMetrics({ register: registry });
  const described = <Label extends string>({ name, help, labels = [] }: InstrumentOptions<Label>) => ({
    name: prefix + name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter(options) {
      const counter = made(registry, prefix + options.name, client.Counter) ?? new client.Counter(described(options));
      return { add: (labels, by = 1) => counter.inc(labels, by) };
    },
    gauge(options) {
      const gauge = made(registry, prefix + options.name, client.Gauge) ?? new client.Gauge(described(options));
      return { set: (labels, value) => gauge.set(labels, value), remove: (labels) => gauge.remove(labels) };
    },
    histogram(options) {
      const buckets = [...(options.buckets ?? SECONDS)];
      const histogram = made(registry, prefix + options.name, client.Histogram) ?? new client.Histogram({ ...described(options), buckets });
      return { observe: (labels, value) => histogram.observe(labels, value) };
    },
    async expose() {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
};

/** From half a millisecond, which a command takes, to ten seconds, after which nobody waits. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const made = <Instrument extends object>(registry: Registry, name: string, kind: new (...given: never[]) => Instrument) => {
  const existing: unknown = registry.getSingleMetric(name);
  if (existing === undefined || existing instanceof kind) return existing;
  throw new TypeError(`the metric ${name} exists and is of another kind`);
};
