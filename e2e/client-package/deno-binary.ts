import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Deno: the one of `DENO_PATH`, the one that is installed, else from npm once for all runs. Not a dependency, since the lockfile would hold
 * it for the one platform that it was made on. Null where it can't be had.
 */
export const denoBinary = async (root: string): Promise<string | null> => {
  for (const candidate of [process.env.DENO_PATH, "deno"]) {
    if (candidate && (await answers(candidate))) return candidate;
  }
  const kept = join(root, ".cache/deno");
  const platform = `${process.platform}-${process.arch}${process.platform === "linux" ? "-glibc" : ""}`;
  const binary = join(kept, "node_modules/@deno", platform, "deno");
  if (!existsSync(binary)) {
    const install = ["install", "--prefix", kept, "--no-audit", "--no-fund", "--ignore-scripts", `deno@${version}`];
    await run("npm", install, { timeout: 60_000 }).catch(() => null);
  }
  return (await answers(binary)) ? binary : null;
};

const version = "2.9.6";

const answers = (program: string): Promise<boolean> =>
  run(program, ["--version"]).then(
    () => true,
    () => false,
  );
