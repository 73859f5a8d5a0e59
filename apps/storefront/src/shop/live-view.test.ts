import { expect, test } from "vitest";
import { liveView } from "./live-view.ts";

test.each([
  ["live", 0, "live", "calm"],
  ["live", 2, "live", "calm"],
  ["catchingUp", 0, "catching up", "busy"],
  ["offline", 0, "offline", "cut"],
  ["ended", 0, "ended", "cut"],
] as const)("a cart that is %s with %i commands on their way is called %s", (status, pending, word, tone) => {
  expect(liveView({ status, pending })).toMatchObject({ word, tone });
});

test("whoever is offline is told that nothing is lost", () => {
  expect(liveView({ status: "offline", pending: 0 }).sentence).toContain("what you do is kept");
  expect(liveView({ status: "offline", pending: 1 }).sentence).toContain("What you did is kept and will be sent.");
  expect(liveView({ status: "offline", pending: 3 }).sentence).toContain("3 things that you did are kept and will be sent.");
});

test("a browser without a network is offline, whatever the connection still believes", () => {
  expect(liveView({ status: "live", pending: 0 }, false).word).toBe("offline");
});
