import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The texts of a checkout by their paths from its root: sources, manifests and the README. */
export type SourceTree = ReadonlyMap<string, string>;

export type Import = { specifier: string; typeOnly: boolean };

export const readSourceTree = (root: string): SourceTree => {
  const globs = ["README.md", "{apps,packages,e2e,infra}/**/package.json", "{apps,packages,e2e,infra}/**/*.{ts,tsx}"];
  const found = globs.flatMap((glob) => [...new Bun.Glob(glob).scanSync({ cwd: root })]);
  const paths = found.filter((path) => !/\b(node_modules|dist)\//.test(path)).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
};

/** `packages/contracts` of `packages/contracts/src/money.ts`. */
export const workspaceOf = (path: string): string =>
  path
    .split("/")
    .slice(0, /^(apps|packages)\//.test(path) ? 2 : 1)
    .join("/");

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

const statement = /^(?:import|export)\b(\s+type\b)?(?:[^"';]*?\bfrom)?\s*"([^"]+)"/gm;
const call = /\bimport\(\s*"([^"]+)"/g;

/** Static and dynamic imports and re-exports, in the order of the text. */
export const importsOf = (text: string): readonly Import[] => [
  ...[...text.matchAll(statement)].map(([, type, specifier = ""]) => ({ specifier, typeOnly: type !== undefined })),
  ...[...text.matchAll(call)].map(([, specifier = ""]) => ({ specifier, typeOnly: false })),
];
