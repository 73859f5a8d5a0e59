import { describe, expect, test } from "vitest";
import { Instant, instantOf, millisecondsBetween } from "./instant.ts";

const morning = Instant.parse("2026-01-31T09:30:00.000Z");
const noon = Instant.parse("2026-01-31T12:00:00.000Z");

describe("an instant", () => {
  test("is how a Date writes itself", () => {
    expect(instantOf(new Date(morning))).toBe(morning);
  });

  test.each([
    "2026-01-31",
    "2026-01-31T09:30:00Z",
    "2026-01-31T09:30:00.000+01:00",
    "2026-01-31T09:30:00.000000Z",
    "2026-02-30T09:30:00.000Z",
  ])("has one spelling, which %s is not", (text) => {
    expect(Instant.safeParse(text).success).toBe(false);
  });

  test("compares with others", () => {
    expect(millisecondsBetween(morning, noon)).toBe(9_000_000);
    expect(millisecondsBetween(noon, morning)).toBe(-9_000_000);
    expect(morning < noon).toBe(true);
  });
});
