import { fakeClock } from "@cartwright/testkit/fake-clock";
import { expect, test } from "vitest";
import { nowAndThen } from "./now-and-then.ts";

test("what goes on is told at once, and then once a while with how often it was", () => {
  const { now, advance } = fakeClock();
  const told: [string, number][] = [];
  const tell = nowAndThen((what: string, untold) => told.push([what, untold]), { now, everyMs: 60_000 });
  tell("first");
  for (let time = 0; time < 5; time++) tell("again");
  expect(told).toEqual([["first", 0]]);
  advance(60_000);
  tell("still");
  advance(59_999);
  tell("still");
  expect(told).toEqual([
    ["first", 0],
    ["still", 5],
  ]);
});
