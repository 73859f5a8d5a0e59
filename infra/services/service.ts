/** A server that the system runs on. */
export type Service = {
  /** The variable by which the product is told of it. */
  readonly variable: string;
  readonly defaultPort: number;
  /** Starts it on data that outlive it. */
  start(options: { readonly dataDir: string; readonly port: number }): Promise<RunningService>;
};

export type RunningService = AsyncDisposable & {
  /** Of its variable. */
  readonly value: string;
  /** What people want to know besides. */
  readonly note?: string;
  /** Whether it still runs; it may end by itself. */
  isRunning(): boolean;
};
