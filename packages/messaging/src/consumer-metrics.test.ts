import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import type { Source } from "./source.ts";
import { appendEvents } from "./testing/events.ts";
import { heldClock } from "./testing/held-clock.ts";
import { recordingMetrics } from "./testing/recording-metrics.ts";
import { unreliableSource } from "./testing/unreliable-source.ts";

const open = ({ fails = (_type: string) => {}, sourceOf = (source: Source) => source } = {}) => {
  const log = inMemoryEventLog({ name: "cart" });
  const clock = heldClock();
  const recorded = recordingMetrics();
  const errors: object[] = [];
  const progress = inMemoryProgress();
  const counting = consumer({
    group: "counting",
    log,
    clock,
    metrics: recorded.metrics,
    logger: { info() {}, warn() {}, error: (fields) => errors.push(fields) },
    source: sourceOf(logSource({ log })),
    sink: appendSink({ log: inMemoryEventLog({ name: "own" }), progress }),
    handlers: {
      Counted: async ({ type }) => fails(type) ?? undefined,
      Ignored: "ignore",
    },
  });
  return { log, clock, counting, progress, errors, ...recorded };
};

describe("a consumer's figures", () => {
  test("tell what was handled, what was of no interest, and what was not known", async () => {
    const { log, counting, count, errors } = open();
    await appendEvents(log, { streamId: "a", count: 3 });
    await appendEvents(log, { streamId: "a", count: 2, type: "Ignored" });
    await appendEvents(log, { streamId: "b", count: 4, type: "FromTheFuture" });
    await using _ = counting;
    await counting.start();
    await counting.catchUp();
    expect([count("consumer_handled_total"), count("consumer_skipped_total"), count("consumer_unknown_total")]).toEqual([3, 6, 4]);
    expect(errors).toEqual([]);
  });

  test("tell the exact lag whenever the owner was asked for its heads", async () => {
    const isAway = () => {
      throw Object.assign(new Error("away"), { retryable: true });
    };
    const { log, clock, counting, gauge, count } = open({ fails: isAway });
    await appendEvents(log, { streamId: "a", count: 3 });
    await appendEvents(log, { streamId: "b", count: 4 });
    await using _ = counting;
    await counting.start();
    await until(() => count("consumer_pauses_total") >= 2);
    clock.advance(3_000);
    await until(() => gauge("consumer_lag") === 7);
    expect((await counting.lag()).reduce((sum, { lag }) => sum + lag, 0n)).toBe(7n);
  });

  test("tell of gaps and of what was read from the owner's log instead", async () => {
    const { log, clock, counting, count } = open({ sourceOf: (source) => unreliableSource(source, { random: () => 0, dropped: 1 }) });
    await appendEvents(log, { streamId: "a", count: 5 });
    await using _ = counting;
    await counting.start();
    await until(() => {
      clock.advance(3_000);
      return count("consumer_handled_total") === 5;
    });
    expect([count("consumer_gaps_total"), count("consumer_healed_total")]).toEqual([1, 5]);
  });

  test("and the log tell loudly of what is parked and of what has stopped", async () => {
    const fails = () => {
      throw new Error("broken");
    };
    const { log, clock, counting, count, gauge, errors } = open({ fails });
    await appendEvents(log, { streamId: "a", count: 2 });
    await using _ = counting;
    await counting.start();
    await until(() => {
      clock.advance(100);
      return count("consumer_parked_total") === 2;
    });
    expect([count("consumer_faults_total"), gauge("consumer_parked_streams")]).toEqual([3, 1]);
    expect(errors).toMatchObject([{ group: "counting", log: "cart", streamId: "a", reason: "Error: broken", attempts: 3 }]);
  });
});
