import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withGeneratedDocs } from "./generated-docs.ts";

const readme = join(import.meta.dirname, "../README.md");

test("generating twice changes nothing more", () => {
  const once = withGeneratedDocs("# X\n<!-- generated:configuration -->\nsomething older\n<!-- /generated:configuration -->\n");
  expect(once).not.toContain("something older");
  expect(withGeneratedDocs(once)).toBe(once);
});

test.skipIf(!existsSync(readme))("the README's generated parts are what `bun run docs` writes now", () => {
  const text = readFileSync(readme, "utf8");
  expect(text).toBe(withGeneratedDocs(text));
});
