import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";

test("time passes only when a test says so", () => {
  const clock = fakeClock("2026-03-01T12:00:00.000Z");
  const before = clock.now();
  clock.advance(90_000);
  expect(before.toISOString()).toBe("2026-03-01T12:00:00.000Z");
  expect(clock.now().toISOString()).toBe("2026-03-01T12:01:30.000Z");
});
