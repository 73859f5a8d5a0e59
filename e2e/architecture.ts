import { posix } from "node:path";
import { type Arrows, arrows } from "./arrows.ts";
import { importsOf, isTest, type SourceTree, workspaceOf } from "./source-tree.ts";

/** Answers one line for each violation; what it guards holds when there is none. */
export type Guard = (tree: SourceTree) => readonly string[];

const scope = "@cartwright/";
const inTests = ["testkit", "decider", "event-log"];

/** Every workspace stands in the table of arrows, and nothing else does. */
export const workspacesMatchArrows: Guard = (tree) => {
  const workspaces = [...tree.keys()].filter((path) => posix.basename(path) === "package.json").map(posix.dirname);
  return [
    ...workspaces.filter((workspace) => !(workspace in arrows)).map((workspace) => `${workspace} has no arrows`),
    ...Object.keys(arrows)
      .filter((workspace) => !workspaces.includes(workspace))
      .map((workspace) => `${workspace} is no workspace`),
  ];
};

/** A manifest declares only what the arrows allow, for tests `testkit` besides. */
export const manifestsFollowArrows: Guard = (tree) =>
  manifests(tree).flatMap(({ workspace, dependencies = {}, devDependencies = {} }) => {
    const { imports, types = [] } = arrowsOf(workspace);
    const forbidden = (names: object, allowed: readonly string[]): readonly string[] =>
      Object.keys(names).filter((name) => name.startsWith(scope) && !allowed.includes(name.slice(scope.length)));
    return [
      ...forbidden(dependencies, [...imports, ...types]).map((name) => `${workspace} declares ${name}`),
      ...forbidden(devDependencies, [...imports, ...types, ...inTests]).map((name) => `${workspace} declares ${name} for development`),
    ];
  });

/** An import follows the arrows, and is `import type` where only types may be taken. */
export const importsFollowArrows: Guard = (tree) =>
  sources(tree).flatMap(([path, text]) => {
    const workspace = workspaceOf(path);
    const { imports, types = [] } = arrowsOf(workspace);
    const allowed = [...imports, posix.basename(workspace), ...(isDevelopmentOnly(path) ? inTests : [])];
    return importsOf(text)
      .filter(({ specifier }) => specifier.startsWith(scope))
      .filter(({ specifier, typeOnly }) => {
        const name = specifier.slice(scope.length).split("/")[0] ?? "";
        return !allowed.includes(name) && !(typeOnly && types.includes(name));
      })
      .map(({ specifier, typeOnly }) => `${path} imports ${typeOnly ? "types of " : ""}${specifier}`);
  });

/** The domain takes nothing from the registry but what its row names. */
export const domainIsFreeOfLibraries: Guard = (tree) =>
  sources(tree).flatMap(([path, text]) => {
    const { registry } = arrowsOf(workspaceOf(path));
    if (registry === undefined || isDevelopmentOnly(path)) return [];
    return importsOf(text)
      .filter(({ specifier }) => !specifier.startsWith(".") && !specifier.startsWith(scope) && !registry.includes(specifier))
      .map(({ specifier }) => `${path} imports ${specifier}`);
  });

/** A relative import stays in its workspace: another one is reached by its name, which the manifest must declare. */
export const relativeImportsStayInside: Guard = (tree) =>
  sources(tree).flatMap(([path, text]) =>
    importsOf(text)
      .filter(({ specifier }) => specifier.startsWith("."))
      .filter(({ specifier }) => workspaceOf(posix.join(posix.dirname(path), specifier)) !== workspaceOf(path))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );

/** Packages and apps export their modules by name, all of them and nothing else: no index, no barrel. */
export const packagesExportModules: Guard = (tree) =>
  manifests(tree)
    .filter(({ workspace }) => workspace.includes("/"))
    .filter(({ exports }) => JSON.stringify(exports) !== JSON.stringify({ "./*": "./src/*.ts" }))
    .map(({ workspace }) => `${workspace} does not export "./*": "./src/*.ts"`);

/** What runs at the edge names no runtime: neither modules of Node or Bun nor their globals. */
export const portableCodeNamesNoRuntime: Guard = (tree) =>
  sources(tree)
    .filter(([path]) => isPortable(path) && !isTest(path))
    .flatMap(([path, text]) => [
      ...importsOf(text)
        .filter(({ specifier }) => /^(node|bun|cloudflare|deno|jsr):|^bun$/.test(specifier))
        .map(({ specifier }) => `${path} imports ${specifier}`),
      ...[...new Set(withoutComments(path, text).match(/\b(Bun|Deno|process|Buffer)\.\w+/g))].map((name) => `${path} uses ${name}`),
    ]);

/** A README that lists packages in a table lists every package and app. */
export const readmeNamesPackages: Guard = (tree) => {
  const rows = (tree.get("README.md") ?? "").split("\n").filter((line) => line.startsWith("|"));
  const named = (workspace: string): boolean => rows.some((row) => row.includes(`\`${workspace}\``) || row.includes(`(${workspace})`));
  const workspaces = manifests(tree)
    .map(({ workspace }) => workspace)
    .filter((workspace) => workspace.includes("/"));
  return workspaces.some(named)
    ? workspaces.filter((workspace) => !named(workspace)).map((workspace) => `README.md omits ${workspace}`)
    : [];
};

export const guards: Record<string, Guard> = {
  "every workspace has its arrows": workspacesMatchArrows,
  "manifests declare only what the arrows allow": manifestsFollowArrows,
  "imports follow the arrows": importsFollowArrows,
  "the domain is free of libraries": domainIsFreeOfLibraries,
  "relative imports stay in their workspace": relativeImportsStayInside,
  "packages export their modules by name": packagesExportModules,
  "portable code names no runtime": portableCodeNamesNoRuntime,
  "the README's table names every package": readmeNamesPackages,
};

type Manifest = { workspace: string; exports?: unknown; dependencies?: object; devDependencies?: object };

const transpilers = { ts: new Bun.Transpiler({ loader: "ts" }), tsx: new Bun.Transpiler({ loader: "tsx" }) };

const withoutComments = (path: string, text: string): string => transpilers[path.endsWith("x") ? "tsx" : "ts"].transformSync(text);

const arrowsOf = (workspace: string): Arrows => arrows[workspace] ?? { imports: [] };

const sources = (tree: SourceTree): readonly (readonly [string, string])[] => [...tree].filter(([path]) => /\.tsx?$/.test(path));

const manifests = (tree: SourceTree): readonly Manifest[] =>
  [...tree]
    .filter(([path]) => posix.basename(path) === "package.json")
    .map(([path, text]) => ({ ...JSON.parse(text), workspace: posix.dirname(path) }));

/** Test kits and conformance suites are exported to tests alone. */
const isDevelopmentOnly = (path: string): boolean => isTest(path) || /\/src\/testing\/|(\/|-)(spec|conformance)\.ts$/.test(path);

const isPortable = (path: string): boolean =>
  /^packages\/(contracts|decider|failures|cart-domain|client)\//.test(path) ||
  (/^(packages\/service-kit|apps\/[^/]+)\/src\//.test(path) && !/\/(node|deno)\/|\/src\/(main|compose)\.ts$/.test(path));
