import { join } from "node:path";
import { runtimeNeedsOf } from "@cartwright/testkit/runtime-needs";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const apps = [...new Bun.Glob("apps/*/src/app.ts").scanSync({ cwd: root })].sort();

test.each(apps)("%s bundles with nothing of Node or Bun", async (app) => {
  expect(await runtimeNeedsOf(join(root, app))).toEqual([]);
});

test("so does what workerd is served; what Deno is served takes of Node what Deno has, and nothing of Bun", async () => {
  expect(await runtimeNeedsOf(join(root, "apps/cart/src/worker/main.ts"))).toEqual([]);
  const needs = await runtimeNeedsOf(join(root, "apps/cart/src/deno/main.ts"));
  expect(needs).toContain("net");
  expect(needs.filter((need) => /^bun\b/i.test(need))).toEqual([]);
});
