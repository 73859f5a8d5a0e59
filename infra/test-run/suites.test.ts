import { expect, test } from "vitest";
import { findTestFiles, isForBrowser, suiteOf } from "./suites.ts";

test.each([
  ["packages/contracts/src/money.test.ts", "unit"],
  ["packages/event-log/src/append.int.test.ts", "int"],
  ["packages/messaging/src/relay.faults.test.ts", "faults"],
  ["e2e/add-item.test.ts", "e2e"],
  ["e2e/restart.int.test.ts", "e2e"],
  ["apps/cart/src/procedures/add-item.test.ts", "unit"],
  ["e2e/browser/offline.e2e.ts", "e2e"],
] as const)("%s belongs to %s", (file, suite) => {
  expect(suiteOf(file)).toBe(suite);
});

test("finds the test files of this checkout once each, without those of dependencies", () => {
  const files = findTestFiles(`${import.meta.dirname}/../..`);
  expect(files).toContain("infra/test-run/suites.test.ts");
  expect(files.filter(isForBrowser)).toContain("e2e/browser/offline.e2e.ts");
  expect(files.filter((file) => file.includes("node_modules"))).toEqual([]);
  expect(new Set(files).size).toBe(files.length);
});
