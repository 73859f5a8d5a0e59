import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What `bun run ops …` prints; throws when it fails. */
export const ops = async (args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await run(process.execPath, ["infra/ops.ts", ...args], {
    cwd: resolve(import.meta.dirname, "../.."),
    env: environment,
  });
  return stdout;
};
