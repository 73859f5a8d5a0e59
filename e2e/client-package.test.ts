import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { buildClient } from "@cartwright/infra/client-package/build-client";
import { serveCart } from "@cartwright/infra/client-package/serve-cart";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { denoBinary } from "./client-package/deno-binary.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "cartwright-client-"));
const [built, project] = [join(folder, "built"), join(folder, "project")];
const installed = join(project, "node_modules/@cartwright/client");
const deno = await denoBinary(root);
let cart: Awaited<ReturnType<typeof serveCart>>;
let packed = "";

/** What the consumer finds, however it runs. */
const shopped = { shownAtOnce: 1, live: 1, later: 3, date: true, bigint: "bigint", refusal: "nothing" };

beforeAll(async () => {
  cart = await serveCart();
  await buildClient(built);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "a-shop", private: true, type: "module" }));
  const npm = (args: readonly string[], cwd: string) => run("npm", [...args, "--offline", "--no-audit", "--no-fund"], { cwd });
  const { stdout } = await npm(["pack", "--json", "--pack-destination", folder], built);
  packed = join(folder, JSON.parse(stdout)[0].filename);
  await npm(["install", packed], project);
  // Not sources of ours, in which nothing is called `@cartwright/client` alone: so they are kept as text.
  for (const file of ["consumer.mjs", "run.mjs", "typed-consumer.ts"])
    cpSync(join(import.meta.dirname, "client-package", `${file}.txt`), join(project, file));
}, 120_000);

afterAll(async () => {
  await cart?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe("the client as others install it", () => {
  test("is small where it is loaded, and where it is installed with its types and what these say", () => {
    expect(gzipSync(readFileSync(join(installed, "index.js")), { level: 9 }).length).toBeLessThan(26_000);
    expect(statSync(packed).size).toBeLessThan(51_000);
  });

  test("calls text by no name that stands for something else", () => {
    const types = readFileSync(join(installed, "index.d.ts"), "utf8");
    expect(types).toContain("readonly url: string;");
    expect(types).not.toMatch(/^export type \w+ = (string|number|boolean);$/m);
  });

  test("depends on nothing and imports nothing, and its types neither", () => {
    expect(readdirSync(join(project, "node_modules")).sort()).toEqual([".package-lock.json", "@cartwright"]);
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
    for (const file of ["index.js", "index.d.ts"]) {
      const text = readFileSync(join(installed, file), "utf8");
      expect(text).not.toMatch(/(?<!")\bfrom\s*["']|\bimport\s*[("']|\brequire\(|workspace:|node:|\/src\//);
    }
  });

  test("comes with the licences of what is in it", () => {
    expect(readdirSync(installed).sort()).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY-NOTICES",
      "index.d.ts",
      "index.js",
      "package.json",
    ]);
    expect(readFileSync(join(installed, "THIRD-PARTY-NOTICES"), "utf8")).toMatch(/@trpc\/client [\d.]+ \(MIT\)/);
  });
});

const { stdout: nodeVersion } = await run("node", ["--version"]);
const bothWays = ["websocket", "sse"];

const runtimes: readonly { name: string; command: readonly string[] | null; transports: readonly string[] }[] = [
  { name: "Bun", command: [process.execPath, "run.mjs"], transports: bothWays },
  // Without a WebSocket of its own before version 22.
  { name: "Node", command: ["node", "run.mjs"], transports: Number.parseInt(nodeVersion.slice(1), 10) < 22 ? ["sse"] : bothWays },
  { name: "Deno", command: deno === null ? null : [deno, "run", "--allow-net", "--no-prompt", "run.mjs"], transports: bothWays },
];

describe.each(runtimes)("used from an empty project in $name", ({ name, command, transports }) => {
  test("can be tried", () => {
    if (command === null && process.env.REQUIRE_SERVERS === "1") throw new Error(`${name} can't be had`);
  });

  test.skipIf(command === null).each(transports)(
    "over %s it shows at once, follows, and is refused by name",
    async (transport) => {
      const [program = "", ...args] = command ?? [];
      const { stdout } = await run(program, [...args, cart.url, await cart.guest(), transport], { cwd: project, timeout: 30_000 });
      expect(JSON.parse(stdout)).toEqual(shopped);
    },
    40_000,
  );
});

test("a browser's bundle of it runs where there is nothing but web standards", async () => {
  const bundle = await Bun.build({ entrypoints: [join(project, "consumer.mjs")], target: "browser", format: "cjs", minify: true });
  const [output] = bundle.outputs;
  const web = Object.fromEntries(webStandards.map((name) => [name, (globalThis as Record<string, unknown>)[name]]));
  const module: { exports: { shop?: (url: string, token: string, how: { sse: boolean }) => Promise<typeof shopped> } } = { exports: {} };
  runInNewContext((await output?.text()) ?? "", { ...web, module, exports: module.exports });
  for (const sse of [false, true]) expect(await module.exports.shop?.(cart.url, await cart.guest(), { sse })).toEqual(shopped);
}, 30_000);

/** Of what every browser has, all that the client asks for. */
const webStandards = [
  "AbortController",
  "AbortSignal",
  "Blob",
  "Event",
  "EventTarget",
  "FormData",
  "ReadableStream",
  "TextDecoder",
  "URL",
  "WebSocket",
  "clearTimeout",
  "crypto",
  "fetch",
  "setTimeout",
];

/** What the documents show in TypeScript, a file each, and what they leave to their reader. */
const writeDocumented = (): readonly string[] => {
  const documents = { "readme.ts": "README.md", "client.ts": "packages/client/README.md" };
  for (const [name, document] of Object.entries(documents)) {
    const blocks = [...readFileSync(join(root, document), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""]) => text);
    expect(blocks.length).toBeGreaterThan(1);
    writeFileSync(join(project, name), blocks.join("\n"));
  }
  const left = [
    "declare const token: string;",
    "declare function myToken(rejected: string | null): Promise<string>;",
    "declare function tell(text: string): void;",
    'declare module "react" {',
    "  function useSyncExternalStore<T>(subscribe: (onChange: () => void) => () => void, get: () => T, onServer: () => T): T;",
    "}",
  ];
  writeFileSync(join(project, "left.d.ts"), left.join("\n"));
  return ["left.d.ts", ...Object.keys(documents)];
};

test("a consumer's source, and what the documents show, is checked against it, strictly and in every module resolution", async () => {
  const documented = writeDocumented();
  const check = async (module: string, moduleResolution: string) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["typed-consumer.ts", ...documented] }));
    return run(process.execPath, ["x", "--no-install", "tsc", "-p", project], { cwd: root }).then(
      ({ stdout }) => stdout,
      ({ stdout }) => stdout,
    );
  };
  expect(await check("NodeNext", "NodeNext")).toBe("");
  expect(await check("ESNext", "Bundler")).toBe("");
}, 60_000);
