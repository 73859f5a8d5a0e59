import type { PostgresConnection } from "@cartwright/service-kit/postgres-connection";
import type { HttpLoad } from "./http-load.ts";
import type { Load } from "./measure.ts";
import type { MeasuredTime, Measurement } from "./measurement.ts";

export type Benchmark = {
  /** What is done, and how much of it at once: `append, 256 at once`. */
  name: string;
  /** What the rate counts, in the plural: `commands`. */
  unit: string;
  /** Prepares, measures with the environment's means, and cleans up. */
  run: (environment: BenchEnvironment) => Promise<Measurement>;
};

export type BenchEnvironment = {
  /** A new, empty database on the embedded PostgreSQL of this run; it is dropped after the benchmark. */
  database: () => Promise<PostgresConnection>;
  /** An operation of this process, again and again: first to warm up, then for the time of the run. */
  measure: (load: Load) => Promise<Measurement>;
  /** The same with HTTP requests from a process of their own. */
  measureHttp: (load: HttpLoad) => Promise<Measurement>;
  /** Of the run, for what measures by means of its own. */
  time: MeasuredTime;
};
