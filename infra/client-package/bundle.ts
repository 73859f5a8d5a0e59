import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

export type Bundle = {
  readonly code: string;
  /** Packages whose code is in it, as folders. */
  readonly packages: readonly string[];
};

/** One module that exports these names of these modules and imports nothing. */
export const bundle = async (root: string, exported: Readonly<Record<string, readonly string[]>>): Promise<Bundle> => {
  const entry = join(root, "client-package-entry.ts");
  const lines = Object.entries(exported).map(([path, names]) => `export { ${names.join(", ")} } from "./${path}";`);
  const result = await Bun.build({
    entrypoints: [entry],
    files: { [entry]: lines.join("\n") },
    target: "browser",
    format: "esm",
    minify: true,
    metafile: true,
  });
  const [output] = result.outputs;
  if (!output || result.outputs.length !== 1) throw new Error("The client is not one module");
  const inputs = Object.keys(result.metafile?.inputs ?? {}).map((path) => join(root, path));
  return { code: await output.text(), packages: [...new Set(inputs.filter(isForeign).map(packageOf))].sort() };
};

/** What the licences of the packages in a bundle ask to be told with it. */
export const notices = (packages: readonly string[]): string =>
  packages
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((it) => /^licen[cs]e/i.test(it));
      if (!file) throw new Error(`${name} comes without its licence`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);

const isForeign = (path: string): boolean => path.includes(`${sep}node_modules${sep}`);

const packageOf = (path: string): string => {
  const modules = path.lastIndexOf(`${sep}node_modules${sep}`) + "/node_modules/".length;
  const [scope = "", name = ""] = path.slice(modules).split(sep);
  return path.slice(0, modules) + (scope.startsWith("@") ? join(scope, name) : scope);
};
