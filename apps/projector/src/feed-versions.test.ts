import type { Consumer } from "@cartwright/messaging/consumer";
import { heldClock } from "@cartwright/messaging/testing/held-clock";
import { silentLogger } from "@cartwright/service-kit/logger";
import { describe, expect, test } from "vitest";
import { feedVersions } from "./feed-versions.ts";

/** A feed of these versions, of which some of what is asked fails. */
const bench = ({ versions = [1, 2], fails = [] as string[] } = {}) => {
  const clock = heldClock();
  const failing = new Set(fails);
  const calls: string[] = [];
  const call = async (what: string) => {
    calls.push(what);
    if (failing.has(what)) throw new Error(`it can't be done: ${what}`);
  };
  const feed = feedVersions({
    name: "cart-view",
    wanted: async () => ({ versions, shown: 1, refused: [], dropped: [] }),
    // As much of a consumer as is asked for here.
    open: (version) => ({ start: () => call(`start ${version}`), stop: () => call(`stop ${version}`) }) as Consumer,
    onFed: () => call("fed"),
    logger: silentLogger,
    clock,
  });
  return { clock, calls, failing, feed, versions };
};

describe("a feed that can't be started", () => {
  test.each([
    ["a version", "start 2", ["start 1", "start 2", "stop 2", "stop 1"]],
    ["what follows", "fed", ["start 1", "start 2", "fed", "stop 1", "stop 2"]],
  ])("since %s fails leaves nothing running", async (_, fails, expected) => {
    const { feed, calls, clock } = bench({ fails: [fails] });
    await expect(feed.start()).rejects.toThrow(`it can't be done: ${fails}`);
    expect([calls, clock.waiting()]).toEqual([expected, 0]);
  });

  test("says why, and not what kept it from stopping", async () => {
    const { feed } = bench({ fails: ["start 2", "stop 1", "stop 2"] });
    await expect(feed.start()).rejects.toThrow("it can't be done: start 2");
  });
});

test("a version that can't be started at a look is stopped, and opened anew at the next one", async () => {
  const { feed, calls, failing, versions } = bench({ versions: [1] });
  await feed.start();
  versions.push(2);
  failing.add("start 2");
  await feed.look();
  failing.clear();
  await feed.look();
  await feed.stop();
  expect(calls).toEqual(["start 1", "fed", "start 2", "stop 2", "start 2", "fed", "stop 1", "stop 2"]);
});
