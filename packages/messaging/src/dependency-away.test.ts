import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { expect, test } from "vitest";
import { appendSink } from "./append-sink.ts";
import { consumer } from "./consumer.ts";
import { inMemoryProgress } from "./in-memory-progress.ts";
import { logSource } from "./log-source.ts";
import { appendEvents } from "./testing/events.ts";
import { heldClock } from "./testing/held-clock.ts";

const tenMinutes = 10 * 60_000;

test("a dependency that is away for ten minutes parks nothing, and is asked twice a minute at the end", async () => {
  const log = inMemoryEventLog({ name: "cart" });
  const progress = inMemoryProgress();
  const clock = heldClock();
  const back = clock.now().getTime() + tenMinutes;
  const tries: number[] = [];
  await appendEvents(log, { streamId: "cart-1", count: 3 });
  const handled: number[] = [];
  await using counting = consumer({
    group: "counting",
    log,
    source: logSource({ log }),
    sink: appendSink({ progress }),
    handlers: {
      Counted({ version }) {
        const now = clock.now().getTime();
        tries.push(now);
        if (now < back) throw Object.assign(new Error("nobody answers"), { retryable: true });
        handled.push(version);
        return undefined;
      },
    },
    clock,
  });
  await counting.start();
  while (clock.now().getTime() < back) {
    clock.advance(1_000);
    // All is in memory: a turn has ended by then.
    await new Promise(setImmediate);
  }
  await until(() => {
    clock.advance(1_000);
    return handled.length === 3;
  });

  expect(handled).toEqual([1, 2, 3]);
  expect(await progress.parking.list()).toEqual([]);
  const away = tries.filter((at) => at < back);
  expect(away.length).toBeGreaterThan(20);
  // Between two tries lies half a minute at most, and half of that at least.
  expect(away.filter((at) => at > back - 5 * 60_000).length).toBeLessThanOrEqual(20);
});
