/** The part of a pino logger that this package uses. */
export type Logger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type CounterName =
  | "consumer_handled_total"
  | "consumer_skipped_total"
  | "consumer_unknown_total"
  | "consumer_duplicates_total"
  | "consumer_gaps_total"
  | "consumer_healed_total"
  | "consumer_parked_total"
  | "consumer_retries_total"
  | "consumer_faults_total"
  | "consumer_fenced_total"
  | "timers_fired_total"
  | "timers_failed_total"
  | "intents_performed_total"
  | "intents_reconciled_total"
  | "intents_failed_total";

export type GaugeName =
  /** Events between the mark and the head. Exact. */
  | "consumer_lag"
  /** 1 while a shard of the group stands still until somebody acts. */
  | "consumer_stopped"
  | "consumer_parked_streams"
  | "timers_overdue_seconds"
  | "intents_waiting";

export type MetricLabels = { readonly group?: string; readonly log?: string; readonly shard?: string; readonly kind?: string };

/** Labels of one name are always the same set. */
export type Metrics = {
  count(name: CounterName, labels: MetricLabels, by: number): void;
  gauge(name: GaugeName, labels: MetricLabels, value: number): void;
};

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
export const noMetrics: Metrics = { count() {}, gauge() {} };
