import { builtinModules } from "node:module";

const BUILTIN = new RegExp(`^(?:node:.*|bun(?::.*)?|${builtinModules.filter((name) => !name.includes(":")).join("|")})$`);

/**
 * What a module, with all that it imports, asks of a runtime beside web standards: modules of Node and Bun, and the global of Bun.
 * A bundle itself does not tell: Bun puts stand-ins into it.
 */
export const runtimeNeedsOf = async (entry: string): Promise<string[]> => {
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
