import { appendBenchmarks } from "./append.ts";
import type { Benchmark } from "./benchmark.ts";
import { bigCartBenchmarks } from "./big-carts.ts";
import { emmettBenchmarks } from "./emmett.ts";
import { kafkaBenchmarks } from "./kafka.ts";
import { liveBenchmarks } from "./live.ts";
import { redisBenchmarks } from "./redis.ts";
import { redisViewBenchmarks } from "./redis-views.ts";
import { shopBenchmarks } from "./shop.ts";

/** In the order of the report. */
export const benchmarks: readonly Benchmark[] = [
  ...appendBenchmarks,
  ...shopBenchmarks,
  ...bigCartBenchmarks,
  ...liveBenchmarks,
  ...kafkaBenchmarks,
  ...redisBenchmarks,
  ...redisViewBenchmarks,
  ...emmettBenchmarks,
];
