import { expect, test } from "vitest";
import { Day } from "./day.ts";

test("a day is one that there is in the calendar of the books", () => {
  for (const day of ["0001-01-01", "2024-02-29", "9999-12-31"]) expect(Day.parse(day)).toBe(day);
  for (const none of ["0000-01-01", "0000-12-31", "2026-02-29", "2026-1-1", "10000-01-01", "-0001-01-01", ""])
    expect([none, Day.safeParse(none).success]).toEqual([none, false]);
});
