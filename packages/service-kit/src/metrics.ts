/** Numbers that a process counts. An instrument asked for twice by the same name is the same instrument. */
export type Metrics = {
  counter<Label extends string = never>(options: InstrumentOptions<Label>): Counter<Label>;
  gauge<Label extends string = never>(options: InstrumentOptions<Label>): Gauge<Label>;
  /** Of durations in seconds, unless `buckets` say otherwise. */
  histogram<Label extends string = never>(options: InstrumentOptions<Label> & { readonly buckets?: readonly number[] }): Histogram<Label>;
};

export type InstrumentOptions<Label extends string> = {
  /** Snake case, with the unit last: `command_duration_seconds`, `commands_total`. */
  readonly name: string;
  readonly help: string;
  /** Each with few values: every combination is a series that is kept for the life of the process. */
  readonly labels?: readonly Label[];
};

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

export type Counter<Label extends string = never> = { add(labels: Labels<Label>, by?: number): void };
export type Gauge<Label extends string = never> = {
  set(labels: Labels<Label>, value: number): void;
  /** Tells nothing any more of what has ended, until it is set again. */
  remove(labels: Labels<Label>): void;
};
export type Histogram<Label extends string = never> = { observe(labels: Labels<Label>, value: number): void };

const nothing = () => {};

/** Counts nothing. */
export const noMetrics: Metrics = {
  counter: () => ({ add: nothing }),
  gauge: () => ({ set: nothing, remove: nothing }),
  histogram: () => ({ observe: nothing }),
};
