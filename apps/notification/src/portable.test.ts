import { join } from "node:path";
import { runtimeNeedsOf } from "@cartwright/testkit/runtime-needs";
import { expect, test } from "vitest";

test.each(["app.ts", "router.ts"])("%s runs where there is neither Node nor Bun", async (file) => {
  expect(await runtimeNeedsOf(join(import.meta.dirname, file))).toEqual([]);
});
