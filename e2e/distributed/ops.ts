import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What `bun run ops …`, or another script of an operator's, prints; throws when it fails. */
export const ops = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  script: "ops" | "token" = "ops",
): Promise<string> => {
  const { stdout } = await run(process.execPath, [`infra/${script}.ts`, ...args], {
    cwd: resolve(import.meta.dirname, "../.."),
    env: environment,
  });
  return stdout;
};
