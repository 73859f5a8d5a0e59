import { join } from "node:path";
import { runtimeNeedsOf } from "@cartwright/testkit/runtime-needs";
import { expect, test } from "vitest";

test.each(["app.ts", "in-memory-cart.ts", "worker/main.ts", "router.ts", "rest/openapi-document.ts"])(
  "%s runs where there is neither Node nor Bun",
  async (file) => {
    expect(await runtimeNeedsOf(join(import.meta.dirname, file))).toEqual([]);
  },
);

test("what starts on PostgreSQL does not", async () => {
  expect(await runtimeNeedsOf(join(import.meta.dirname, "compose.ts"))).toContain("Bun");
});
