/** The part of a pino logger that this package uses. */
export type Logger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** The part of a metrics registry that this package uses. An instrument asked for twice by one name is the same one. */
export type Metrics = {
  counter<Label extends string = never>(options: InstrumentOptions<Label>): { add(labels: Labels<Label>, by?: number): void };
  gauge<Label extends string = never>(options: InstrumentOptions<Label>): Gauge<Label>;
};

export type Gauge<Label extends string = never> = {
  set(labels: Labels<Label>, value: number): void;
  /** Tells nothing any more of what has ended, until it is set again. */
  remove(labels: Labels<Label>): void;
};

type InstrumentOptions<Label extends string> = { readonly name: string; readonly help: string; readonly labels?: readonly Label[] };
type Labels<Label extends string> = Readonly<Record<Label, string>>;

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
export const noMetrics: Metrics = { counter: () => ({ add() {} }), gauge: () => ({ set() {}, remove() {} }) };
