/** The part of a pino logger that this package uses. */
export type Logger = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** The part of a metrics registry that this package uses. An instrument asked for twice by one name is the same one. */
export type Metrics = {
  counter<Label extends string = never>(options: InstrumentOptions<Label>): { add(labels: Labels<Label>, by?: number): void };
  gauge<Label extends string = never>(options: InstrumentOptions<Label>): { set(labels: Labels<Label>, value: number): void };
};

type InstrumentOptions<Label extends string> = { readonly name: string; readonly help: string; readonly labels?: readonly Label[] };
type Labels<Label extends string> = Readonly<Record<Label, string>>;

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
export const noMetrics: Metrics = { counter: () => ({ add() {} }), gauge: () => ({ set() {} }) };
