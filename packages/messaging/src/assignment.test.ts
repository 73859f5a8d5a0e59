import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { assignment } from "./assignment.ts";
import { type ConsumerContext, defaultLimits } from "./consumer-context.ts";
import { consumerMetrics } from "./consumer-metrics.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { silentLogger } from "./observability.ts";
import type { ShardRun } from "./shard-run.ts";
import { heldClock } from "./testing/held-clock.ts";
import { recordingMetrics } from "./testing/recording-metrics.ts";

/** Shards whose marks are read when a test lets them be read. */
const open = ({ settled = async () => {} } = {}) => {
  const clock = heldClock();
  const progress = inMemoryProgress();
  const recorded = recordingMetrics();
  const reads: PromiseWithResolvers<void>[] = [];
  const marks: typeof progress.marks = async (of) => {
    const read = Promise.withResolvers<void>();
    reads.push(read);
    await read.promise;
    return progress.marks(of);
  };
  // As much of a consumer as taking shards and letting go of them needs.
  const context = {
    of: { group: "counting", log: "cart" },
    log: inMemoryEventLog({ name: "cart" }),
    sink: appendSink({ progress: { ...progress, marks } }),
    startAt: "beginning",
    limits: defaultLimits,
    clock,
    random: () => 1,
    logger: silentLogger,
    metrics: consumerMetrics(recorded.metrics),
  } as unknown as ConsumerContext<unknown, unknown>;
  const runs = new Map<number, ShardRun>();
  const assigned = assignment({ context, runs, settled, changed: () => {} });
  return {
    clock,
    assigned,
    reads,
    held: () => recorded.gauge("consumer_shards_held"),
    isTold: () => recorded.has("consumer_shards_held"),
    shards: () => [...runs.keys()],
    /** The next read, which has begun and which a test ends. */
    reading: (number: number) => until(() => reads[number]),
  };
};

const away = new Error("the store is away");

describe("shards that are wanted", () => {
  test("are tried again, later, while their marks can't be read", async () => {
    const { clock, assigned, reads, reading, shards } = open();
    await assigned.assign([0, 1]);
    (await reading(0)).reject(away);
    await until(() => clock.waiting() === 1);
    clock.advance(100);
    await reading(1);
    for (const read of reads) read.resolve();
    (await reading(2)).resolve();
    await until(() => shards().length === 2);
  });

  test("are not paused for when the stop came during an attempt that fails", async () => {
    const { clock, assigned, reading } = open();
    await assigned.assign([0, 1]);
    const read = await reading(0);
    const stopping = assigned.stop();
    read.reject(away);
    await stopping;
    expect(clock.waiting()).toBe(0);
  });

  test("are let go of at once, and others taken, when those are wanted during an attempt that fails", async () => {
    const { clock, assigned, reads, reading, shards } = open();
    await assigned.assign([0, 1]);
    const read = await reading(0);
    const changing = assigned.assign([2]);
    read.reject(away);
    await changing;
    expect(clock.waiting()).toBe(0);
    (await reading(1)).resolve();
    (await reading(2)).resolve();
    await until(() => shards().length > 0);
    expect([shards(), reads.length]).toEqual([[2], 3]);
  });

  test("are changed, and let go of at the stop, after a change that went wrong", async () => {
    const bug = new Error("a bug");
    const settling = [Promise.reject(bug), Promise.resolve()];
    const { assigned, reading, shards } = open({ settled: async () => settling.shift() });
    await expect(assigned.assign([0])).rejects.toBe(bug);
    await assigned.assign([1]);
    for (const number of [0, 1]) (await reading(number)).resolve();
    await until(() => shards().length > 0);
    expect(shards()).toEqual([1]);
    await assigned.stop();
    expect(shards()).toEqual([]);
  });

  test("are told as held only while their process has their marks", async () => {
    const { assigned, held, isTold, reading } = open();
    expect([held(), isTold()]).toEqual([0, true]);
    await assigned.assign([0, 1, 2]);
    const [first, second] = [await reading(0), until(() => held() === 3)];
    expect(held()).toBe(0);
    first.resolve();
    (await reading(1)).resolve();
    await second;
    await assigned.assign([1]);
    expect(held()).toBe(1);
    await assigned.assign([]);
    expect([held(), isTold()]).toEqual([0, true]);
  });

  test("are told no more when the group has ended, but are told to be missing where it could not begin", async () => {
    const ended = open();
    await ended.assigned.assign([]);
    await ended.assigned.stop();
    expect(ended.isTold()).toBe(false);
    // Whoever divides the shards may not have heard of it yet.
    await ended.assigned.assign([0, 1]);
    expect(ended.isTold()).toBe(false);
    const unbegun = open();
    await unbegun.assigned.stop();
    expect([unbegun.held(), unbegun.isTold()]).toEqual([0, true]);
  });
});
