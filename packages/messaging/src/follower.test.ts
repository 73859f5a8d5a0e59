import { inMemoryEventLog } from "@cartwright/event-log/in-memory-event-log";
import { until } from "@cartwright/testkit/until";
import { describe, expect, test } from "vitest";
import type { Consumer } from "./consumer.ts";
import { follower } from "./follower.ts";
import { type LogFeed, logFeed } from "./log-feed.ts";
import { heldClock } from "./testing/held-clock.ts";

const bench = ({ failures = 0, unbuilt = 0 } = {}) => {
  const clock = heldClock();
  const found = Promise.withResolvers<LogFeed>();
  const calls: string[] = [];
  let left = failures;
  let unbuiltLeft = unbuilt;
  const consumer = {
    async start() {
      calls.push("start");
      if (left-- > 0) throw new Error("the owner is away");
    },
    async stop() {
      calls.push("stop");
    },
  };
  const followed = follower({
    name: "billing",
    feed: found.promise,
    open() {
      if (unbuiltLeft-- > 0) throw new Error("it can't be built");
      // As much of a consumer as is asked for here.
      return consumer as Consumer;
    },
    clock,
  });
  const find = () => found.resolve(logFeed({ log: inMemoryEventLog({ name: "billing" }), shared: false }));
  return { clock, calls, followed, find, lose: () => found.reject(new Error("given up")) };
};

describe("a follower", () => {
  test("says what it waits for until the log is found, and then follows it", async () => {
    const { followed, calls, find } = bench();
    expect([followed.waitsFor(), calls]).toEqual(["the log of billing", []]);
    find();
    await until(() => followed.waitsFor() === null);
    await followed[Symbol.asyncDispose]();
    expect(calls).toEqual(["start", "stop"]);
  });

  test("tries again, later, what keeps it from beginning", async () => {
    const { followed, calls, find, clock } = bench({ failures: 2 });
    find();
    for (const _ of [1, 2]) {
      await until(() => clock.waiting() === 1);
      expect(followed.waitsFor()).toBe("the log of billing");
      clock.advance(1_000);
    }
    await until(() => followed.waitsFor() === null);
    await followed[Symbol.asyncDispose]();
    expect(calls).toEqual(["start", "stop", "start", "stop", "start", "stop"]);
  });

  test("tries again, too, where a consumer can't be built, and is stopped by no such failure", async () => {
    const { followed, calls, find, clock } = bench({ unbuilt: 1 });
    find();
    await until(() => clock.waiting() === 1);
    clock.advance(1_000);
    await until(() => followed.waitsFor() === null);
    await followed[Symbol.asyncDispose]();
    expect(calls).toEqual(["start", "stop"]);
    const failing = bench({ unbuilt: 1 });
    failing.find();
    await until(() => failing.clock.waiting() === 1);
    await failing.followed[Symbol.asyncDispose]();
    expect([failing.calls, failing.clock.waiting()]).toEqual([[], 0]);
  });

  test("that is stopped begins nothing, whether the log is found later or never", async () => {
    for (const end of ["find", "lose"] as const) {
      const open = bench();
      await open.followed[Symbol.asyncDispose]();
      open[end]();
      await Promise.resolve();
      expect(open.calls).toEqual([]);
    }
    const waiting = bench({ failures: 1 });
    waiting.find();
    await until(() => waiting.clock.waiting() === 1);
    await waiting.followed[Symbol.asyncDispose]();
    waiting.clock.advance(60_000);
    expect(waiting.calls).toEqual(["start", "stop"]);
  });
});
