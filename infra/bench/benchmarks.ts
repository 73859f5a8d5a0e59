import { appendBenchmarks } from "./append.ts";
import type { Benchmark } from "./benchmark.ts";
import { emmettBenchmarks } from "./emmett.ts";

/** In the order of the report. */
export const benchmarks: readonly Benchmark[] = [...appendBenchmarks, ...emmettBenchmarks];
