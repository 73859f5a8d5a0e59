import { describe, expect, test } from "vitest";
import { intake } from "./intake.ts";
import { recorded } from "./testing/events.ts";

const at = (...positions: number[]) => positions.map((position) => recorded({ position: BigInt(position) }));
const positionsOf = (position: bigint, delivered: ReturnType<typeof at>) => {
  const { next, ...rest } = intake(position, delivered);
  return { next: next.map((event) => Number(event.position)), ...rest };
};

describe("what is delivered, against the mark", () => {
  test("is taken where it is the next", () => {
    expect(positionsOf(4n, at(5, 6, 7))).toEqual({ next: [5, 6, 7], duplicates: 0, beyondGap: null });
  });
  test("is dropped at the mark and below, and where it comes twice", () => {
    expect(positionsOf(4n, at(3, 4, 5, 5, 6))).toEqual({ next: [5, 6], duplicates: 3, beyondGap: null });
  });
  test("is put in order", () => {
    expect(positionsOf(0n, at(3, 1, 2))).toEqual({ next: [1, 2, 3], duplicates: 0, beyondGap: null });
  });
  test("ends before a gap, and how far it went beyond is known", () => {
    expect(positionsOf(1n, at(2, 4, 9, 5))).toEqual({ next: [2], duplicates: 0, beyondGap: 9n });
    expect(positionsOf(1n, at(4))).toEqual({ next: [], duplicates: 0, beyondGap: 4n });
  });
  test("may be nothing", () => {
    expect(positionsOf(1n, [])).toEqual({ next: [], duplicates: 0, beyondGap: null });
  });
});
