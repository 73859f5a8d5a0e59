import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const portable = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
const BUILTIN = new RegExp(`^(?:node:.*|bun(?::.*)?|${builtinModules.filter((name) => !name.includes(":")).join("|")})$`);

/** What a module, with all that it imports, asks of a runtime. A bundle itself does not tell: Bun puts stand-ins into it. */
const runtimeNeedsOf = async (entry: string): Promise<string[]> => {
  const needs = new Set<string>();
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    plugins: [
      {
        name: "runtime needs",
        setup: (build) =>
          void build.onResolve({ filter: BUILTIN }, ({ path }) => {
            needs.add(path);
            return { path, external: true };
          }),
      },
    ],
  });
  for (const output of outputs) if (/\bBun\.\w/.test(await output.text())) needs.add("Bun");
  return [...needs];
};

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
