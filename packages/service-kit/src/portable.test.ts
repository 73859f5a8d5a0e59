import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimeNeedsOf } from "@cartwright/testkit/runtime-needs";
import { expect, test } from "vitest";

const portable = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));

test.each(portable)("%s runs where there is neither Node nor Bun", async (file) => {
  expect(await runtimeNeedsOf(join(import.meta.dirname, file))).toEqual([]);
});

test("a module that does not is seen, and what it gets it from", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-portable-"));
  try {
    writeFileSync(join(folder, "inner.ts"), `import "node:fs";\nimport { hash } from "crypto";\nexport const a = [hash, Bun.file("x")];`);
    writeFileSync(join(folder, "outer.ts"), `export { a } from "./inner.ts";`);
    expect((await runtimeNeedsOf(join(folder, "outer.ts"))).sort()).toEqual(["Bun", "crypto", "node:fs"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
