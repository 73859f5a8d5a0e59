import { describe, expect, test } from "vitest";
import { verdictOn } from "./verify-marks.ts";

const mark = { epoch: "e1", position: 7n, eventId: "7a" };
const eventIdAtMark = "7a";

describe("a mark against the owner's log", () => {
  test("is of the same log where epoch and event agree", () => {
    expect(verdictOn(mark, { epoch: "e1", head: 9n, eventIdAtMark })).toEqual({ is: "same" });
  });
  test("is carried over where only the epoch is another", () => {
    expect(verdictOn(mark, { epoch: "e2", head: 7n, eventIdAtMark })).toEqual({ is: "renewed" });
    expect(verdictOn({ epoch: "e1", position: 0n, eventId: null }, { epoch: "e2", head: 3n, eventIdAtMark: undefined })).toEqual({
      is: "renewed",
    });
  });
  test("has diverged where the log ends before it", () => {
    expect(verdictOn(mark, { epoch: "e1", head: 6n, eventIdAtMark: undefined })).toEqual({
      is: "diverged",
      reason: "the log ends at 6, before the mark at 7",
    });
  });
  test("has diverged where another event stands at it, also in the same epoch", () => {
    expect(verdictOn(mark, { epoch: "e1", head: 9n, eventIdAtMark: "7b" })).toMatchObject({ is: "diverged" });
    expect(verdictOn(mark, { epoch: "e2", head: 9n, eventIdAtMark: "7b" })).toMatchObject({ is: "diverged" });
  });
});
