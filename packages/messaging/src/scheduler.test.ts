import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { appendEvents } from "./testing/events.ts";
import { heldClock } from "./testing/held-clock.ts";

const open = ({ restMs = 0, batch = 100, concurrency = 1 } = {}) => {
  const log = inMemoryEventLog({ name: "cart" });
  const clock = heldClock();
  const flushes: number[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  let isGated = false;
  const sink = appendSink({ log: inMemoryEventLog({ name: "own" }), progress: inMemoryProgress() });
  const counting = consumer({
    group: "counting",
    log,
    clock,
    source: logSource({ log }),
    sink: {
      ...sink,
      concurrency,
      async flush(of, steps) {
        flushes.push(steps.reduce((sum, { work }) => sum + work.length, 0));
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        if (isGated) await gate.promise;
        return sink.flush(of, steps);
      },
    },
    handlers: { Counted: async () => undefined },
    limits: { restMs, batch },
  });
  const everywhere = () => Promise.all(Array.from({ length: 40 }, (_, index) => appendEvents(log, { streamId: `cart-${index}` })));
  return {
    log,
    clock,
    counting,
    flushes,
    everywhere,
    gate: () => {
      isGated = true;
    },
    openGates: () => {
      isGated = false;
      for (const gate of gates) gate.resolve();
    },
  };
};

describe("turns", () => {
  test("take the first event after a rest at once, and what comes during a rest together", async () => {
    const { log, clock, counting, flushes, everywhere } = open({ restMs: 50 });
    await using _ = counting;
    await counting.start();
    await appendEvents(log, { streamId: "cart-1" });
    await counting.catchUp();
    await everywhere();
    await until(() => counting.status().shards.length === 16);
    expect(flushes).toEqual([1]);
    clock.advance(50);
    await counting.catchUp();
    expect(flushes).toEqual([1, 40]);
  });

  test("do not rest while there is much to do", async () => {
    const { counting, flushes, everywhere } = open({ restMs: 50, batch: 16 });
    await everywhere();
    await using _ = counting;
    await counting.start();
    await until(() => flushes.reduce((sum, events) => sum + events, 0) >= 24);
  });

  test("are divided among as many flushes as the sink can have in flight, each shard in one of them", async () => {
    const { counting, flushes, everywhere, gate, openGates } = open({ concurrency: 4 });
    await everywhere();
    gate();
    await using _ = counting;
    await counting.start();
    await until(() => flushes.length === 4);
    expect(flushes.reduce((sum, events) => sum + events, 0)).toBe(40);
    openGates();
    await counting.catchUp();
  });

  test("that are under way are finished before the consumer stops", async () => {
    const { counting, flushes, everywhere, gate, openGates } = open();
    await everywhere();
    gate();
    await counting.start();
    await until(() => flushes.length === 1);
    let isStopped = false;
    const stopping = counting.stop().then(() => {
      isStopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    openGates();
    await stopping;
    expect((await counting.lag()).every(({ lag }) => lag === 0n)).toBe(true);
    expect(flushes).toHaveLength(1);
  });
});
