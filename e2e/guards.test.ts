import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { guards } from "./architecture.ts";
import { arrows } from "./arrows.ts";

const root = resolve(import.meta.dirname, "..");

describe("a guard of the architecture sees what is planted", () => {
  const manifest = (fields: object = {}): string => JSON.stringify({ exports: { "./*": "./src/*.ts" }, ...fields });
  const sound = Object.keys(arrows).map((workspace) => [`${workspace}/package.json`, manifest()] as const);
  const runtime = `import { hash } from "bun";\nimport type { Server } from "node:http";\nexport const at = (server: Server) => Bun.nanoseconds();`;

  test.each<[guard: string, path: string, text: string, seen: string[]]>([
    ["every workspace has its arrows", "packages/extra/package.json", manifest(), ["packages/extra has no arrows"]],
    [
      "manifests declare only what the arrows allow",
      "packages/contracts/package.json",
      manifest({ dependencies: { "@cartwright/decider": "workspace:*", zod: "catalog:" } }),
      ["packages/contracts declares @cartwright/decider"],
    ],
    [
      "manifests declare only what the arrows allow",
      "apps/cart/package.json",
      manifest({ dependencies: { "@cartwright/testkit": "workspace:*" }, devDependencies: { "@cartwright/projector": "workspace:*" } }),
      ["apps/cart declares @cartwright/testkit", "apps/cart declares @cartwright/projector for development"],
    ],
    [
      "imports follow the arrows",
      "apps/projector/src/on-item-added.ts",
      `import { router } from "@cartwright/cart/router";\nexport { fold } from "@cartwright/cart-domain/cart";`,
      ["apps/projector/src/on-item-added.ts imports @cartwright/cart/router"],
    ],
    [
      "imports follow the arrows",
      "e2e/add-item.test.ts",
      `import type { AppRouter } from "@cartwright/cart/router";\nimport {\n  app,\n} from "@cartwright/cart/app";`,
      ["e2e/add-item.test.ts imports @cartwright/cart/app"],
    ],
    [
      "imports follow the arrows",
      "packages/event-log/src/event-log.ts",
      `const later = await import("@cartwright/testkit/test-database");`,
      ["packages/event-log/src/event-log.ts imports @cartwright/testkit/test-database"],
    ],
    ["imports follow the arrows", "apps/cart/src/testing/bench.ts", `import { until } from "@cartwright/testkit/until";`, []],
    [
      "the domain is free of libraries",
      "packages/cart-domain/src/cart.ts",
      `import type { Sql } from "postgres";`,
      ["packages/cart-domain/src/cart.ts imports postgres"],
    ],
    [
      "relative imports stay in their workspace",
      "apps/cart/src/router.ts",
      `import { money } from "../../../packages/contracts/src/money.ts";\nimport { x } from "./procedures/add-item.ts";`,
      ["apps/cart/src/router.ts imports ../../../packages/contracts/src/money.ts"],
    ],
    [
      "packages export their modules by name",
      "packages/decider/package.json",
      manifest({ exports: { ".": "./src/index.ts" } }),
      [`packages/decider does not export "./*": "./src/*.ts"`],
    ],
    ...["packages/contracts/src/money.ts", "packages/service-kit/src/health.ts", "apps/cart/src/procedures/add-item.ts"].map(
      (path): [string, string, string, string[]] => [
        "portable code names no runtime",
        path,
        runtime,
        [`${path} imports bun`, `${path} imports node:http`, `${path} uses Bun.nanoseconds`],
      ],
    ),
    ["portable code names no runtime", "apps/cart/src/main.ts", runtime, []],
    ["portable code names no runtime", "apps/cart/src/compose.ts", runtime, []],
    ["portable code names no runtime", "apps/cart/src/deno/serve.ts", runtime, []],
    ["portable code names no runtime", "packages/service-kit/src/node/logger.ts", runtime, []],
    ["portable code names no runtime", "packages/contracts/src/money.test.ts", runtime, []],
    ["portable code names no runtime", "packages/contracts/src/words.ts", "/** Runs on Bun. Or process.env. */\nexport {};", []],
    [
      "the README's table names every package",
      "README.md",
      Object.keys(arrows)
        .filter((workspace) => workspace !== "packages/decider")
        .map((workspace) => `| \`${workspace}\` | … |`)
        .join("\n"),
      ["README.md omits packages/decider"],
    ],
  ])("%s (%s)", (name, path, text, seen) => {
    const guard = guards[name];
    expect(guard?.(new Map(sound))).toEqual([]);
    expect(guard?.(new Map([...sound, [path, text]]))).toEqual(seen);
  });

  test("a workspace that is gone leaves no arrows behind", () => {
    expect(guards["every workspace has its arrows"]?.(new Map(sound.slice(1)))).toEqual(["packages/contracts is no workspace"]);
  });
});

/** One file for each rule: the file's path, its text and the rule that sees it. */
const planted: readonly (readonly [path: string, text: string, rule: string])[] = [
  ["packages/cart-domain/src/clock.ts", "export const now = (): number => Date.now();", "noRestrictedGlobals"],
  ["packages/cart-domain/src/chance.ts", "export const dice = (): number => Math.random();", "noJsRestrictedProperties"],
  ["packages/decider/src/id.ts", "export const id = (): string => crypto.randomUUID();", "noRestrictedGlobals"],
  ["packages/contracts/src/bytes.ts", "export const bytes = (text: string) => Buffer.from(text);", "noRestrictedGlobals"],
  ["packages/contracts/src/disk.ts", `import { readFileSync } from "node:fs";\nexport const read = readFileSync;`, "noNodejsModules"],
  ["packages/service-kit/src/hash.ts", `import { hash } from "bun";\nexport const x = hash("x");`, "noBunModules"],
  ["packages/service-kit/src/port.ts", "export const port = process.argv[1];", "noRestrictedGlobals"],
  ["apps/cart/src/procedures/read.ts", "export const file = Bun.file;", "noRestrictedGlobals"],
  ["packages/messaging/src/mode.ts", "export const mode = process.env.MODE;", "noProcessEnv"],
  ["packages/messaging/src/says.ts", `console.log("x");`, "noConsole"],
  ["packages/messaging/src/badName.ts", "export const x = 1;", "useFilenamingConvention"],
  ["packages/messaging/src/index.ts", `export { x } from "./badName.ts";\nexport { y } from "./bad-name.ts";`, "noBarrelFile"],
  ["packages/messaging/src/all.ts", `export * from "./mode.ts";`, "noReExportAll"],
  ["packages/messaging/src/default.ts", "export default 1;", "noDefaultExport"],
  [
    "packages/messaging/src/floats.ts",
    "const save = async (): Promise<void> => {};\nexport const run = (): void => {\n  save();\n};",
    "noFloatingPromises",
  ],
  ["packages/messaging/src/one.ts", `import { two } from "./two.ts";\nexport const one = (): number => two();`, "noImportCycles"],
  ["packages/messaging/src/two.ts", `import { one } from "./one.ts";\nexport const two = (): number => one();`, "noImportCycles"],
  ["packages/messaging/src/four.ts", "export const four = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];", "useMaxParams"],
  ["packages/messaging/src/long.ts", `export const long = () => {\n${"  Math.abs(1);\n".repeat(51)}};`, "noExcessiveLinesPerFunction"],
  ["packages/messaging/src/any.ts", "export const x: any = 1;", "noExplicitAny"],
  ["packages/messaging/src/bang.ts", "export const x = [1][0]!;", "noNonNullAssertion"],
  ["packages/messaging/src/value.ts", `import { Sql } from "postgres";\nexport const x = (sql: Sql) => sql;`, "useImportType"],
  ["packages/messaging/src/undeclared.ts", `import { Hono } from "hono";\nexport const app = new Hono();`, "noUndeclaredDependencies"],
  ["packages/messaging/src/dev.ts", `import { test } from "vitest";\nexport const x = test;`, "noUndeclaredDependencies"],
  ["packages/messaging/src/thrown.ts", `export const fail = (): never => {\n  throw "x";\n};`, "useThrowOnlyError"],
  [
    "packages/messaging/src/cause.ts",
    `export const run = (f: () => void): void => {\n  try {\n    f();\n  } catch (error) {\n    throw new Error("x");\n  }\n};`,
    "useErrorCause",
  ],
  [
    "packages/messaging/src/forgets.ts",
    `export const size = (kind: "small" | "big"): number => {\n  switch (kind) {\n    case "small":\n      return 1;\n    default:\n      return 2;\n  }\n};`,
    "useExhaustiveSwitchCases",
  ],
  ["packages/messaging/src/only.test.ts", `import { test } from "vitest";\ntest.only("x", () => {});`, "noFocusedTests"],
];

const allowed: readonly (readonly [path: string, text: string])[] = [
  ["packages/messaging/src/config.ts", "export const mode = process.env.MODE;\n"],
  ["apps/cart/src/main.ts", `console.log(Bun.version, process.argv.length);\n`],
  [
    "packages/service-kit/src/node/sizes.ts",
    `import { statSync } from "node:fs";\n\nexport const size = (path: string): number => statSync(path).size + Bun.argv.length;\n`,
  ],
  ["packages/contracts/src/time.ts", "export const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));\n"],
];

test("each rule of the linter fires on what is planted for it, and where it does not apply it is silent", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "cartwright-guards-")));
  try {
    const manifest = JSON.stringify({ name: "planted", dependencies: { postgres: "3.4.9" }, devDependencies: { vitest: "5.1.1" } });
    const files = [...planted, ...allowed, ["package.json", manifest] as const];
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    for (const file of ["biome.json", ".gitignore"]) cpSync(join(root, file), join(folder, file));
    const found = await lint(folder);
    expect(planted.filter(([path, , rule]) => !found.some((one) => one.path === path && one.rule === rule)).map(([path]) => path)).toEqual(
      [],
    );
    expect(found.filter(({ path }) => allowed.some(([one]) => one === path))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 20_000);

/** Each finding's file and the last part of its rule's name. */
const lint = async (folder: string): Promise<readonly { path: string; rule: string }[]> => {
  const command = [
    process.execPath,
    join(root, "node_modules/@biomejs/biome/bin/biome"),
    "lint",
    "--reporter=github",
    "--max-diagnostics=none",
    ".",
  ];
  const child = Bun.spawn(command, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const output = await new Response(child.stdout).text();
  const annotation = /title=lint\/\w+\/(\w+),file=([^,]+),/g;
  return [...output.matchAll(annotation)].map(([, rule = "", path = ""]) => ({ path: relative(folder, path), rule }));
};
